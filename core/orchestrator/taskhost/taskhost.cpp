#include "core/orchestrator/taskhost/taskhost.h"

#include "core/base/eventual.h"
#include "core/orchestrator/taskhost/taskbench.h"

#include <QEventLoop>

#include <future>

namespace vigie {

namespace {

using Answer = Outcome<QByteArray>;

/// Lives on the bench's thread; its answer crosses by the caller's door.
Task<> carryOut(std::function<Task<Answer>(TaskBench&)> work, TaskBench& bench, Door::Handle back,
                Eventual<Answer> answer) {
    Answer found = co_await work(bench);
    back.post([answer = std::move(answer), found = std::move(found)] { answer.resolve(found); });
}

} // namespace

TaskHost::TaskHost(Settings settings, std::function<void(const TaskResult&)> ended,
                   SharedCalls shared)
    : m_settings(std::move(settings)), m_ended(std::move(ended)), m_shared(shared) {}

TaskHost::~TaskHost() {
    if (!m_thread.joinable())
        return;
    m_there.post([bench = m_bench] { bench->leave(); });
    m_thread.join();
}

void TaskHost::start() {
    std::promise<TaskBench*> ready;
    std::future<TaskBench*> made = ready.get_future();
    const auto told = [back = m_back.handle(), ended = m_ended](const TaskResult& result) {
        if (ended)
            back.post([ended, result] { ended(result); });
    };
    m_thread = std::thread([settings = m_settings, told, shared = m_shared, &ready] {
        QEventLoop loop;
        TaskBench bench(settings, loop, told, shared);
        ready.set_value(&bench);
        loop.exec();
        bench.stop();
    });
    m_bench = made.get();
    m_there = m_bench->door();
}

Task<Answer> TaskHost::ask(Work work) {
    if (!m_thread.joinable())
        start();
    const Eventual<Answer> answer;
    m_there.post([work = std::move(work), bench = m_bench, back = m_back.handle(), answer] {
        bench->spawn(carryOut(work, *bench, back, answer));
    });
    Answer found = co_await answer;
    co_return found;
}

void TaskHost::reload(Settings settings) {
    m_settings = std::move(settings);
    if (m_thread.joinable())
        m_there.post([bench = m_bench, changed = m_settings] { bench->reload(changed); });
}

Task<Answer> TaskHost::begin(RunOrder order) {
    return ask([order = std::move(order)](TaskBench& bench) { return bench.begin(order); });
}

Task<Answer> TaskHost::resume(QString id) {
    return ask([id = std::move(id)](TaskBench& bench) { return bench.resume(id); });
}

Task<Answer> TaskHost::runs() {
    return ask([](TaskBench& bench) { return bench.runs(); });
}

Task<Answer> TaskHost::run(QString id) {
    return ask([id = std::move(id)](TaskBench& bench) { return bench.run(id); });
}

Task<Answer> TaskHost::letters() {
    return ask([](TaskBench& bench) { return bench.letters(); });
}

Task<Answer> TaskHost::edit(QString id, LetterChange change) {
    return ask([id = std::move(id), change = std::move(change)](TaskBench& bench) {
        return bench.edit(id, change);
    });
}

Task<Answer> TaskHost::drop(QString id, QString why) {
    return ask([id = std::move(id), why = std::move(why)](TaskBench& bench) {
        return bench.drop(id, why);
    });
}

Task<Answer> TaskHost::replay(QString id) {
    return ask([id = std::move(id)](TaskBench& bench) { return bench.replay(id); });
}

Task<Answer> TaskHost::checkpoints() {
    return ask([](TaskBench& bench) { return bench.checkpoints(); });
}

} // namespace vigie
