#include "app/dashboard/demofleet.h"

#include "app/dashboard/demoorchestrator.h"
#include "core/base/door.h"
#include "core/base/systemclock.h"

#include <QEventLoop>
#include <QTemporaryDir>

#include <array>
#include <future>
#include <thread>

namespace vigie {

namespace {

/// Both together are 44 instances. One repairs itself; the other leaves it to whoever watches.
const std::array<DemoPlan, 2>& plans() {
    static const std::array<DemoPlan, 2> both{
        DemoPlan{QStringLiteral("paris"), 11, 26, true},
        DemoPlan{QStringLiteral("amsterdam"), 23, 18, false},
    };
    return both;
}

} // namespace

class DemoFleet::Private {
public:
    explicit Private(std::function<void(Outcome<std::vector<SourceConfig>>)> onReady)
        : m_onReady(std::move(onReady)) {
        std::promise<Door::Handle> started;
        auto stop = started.get_future();
        m_thread = std::thread([this, &started] { run(started); });
        m_stop = stop.get();
    }

    ~Private() {
        m_stop.post([this] { m_quit(); });
        m_thread.join();
    }

private:
    void run(std::promise<Door::Handle>& started) {
        QEventLoop loop;
        SystemClock clock;
        const Door door;
        m_quit = [&loop] { loop.quit(); };
        started.set_value(door.handle());
        {
            std::vector<std::unique_ptr<DemoOrchestrator>> running;
            std::vector<SourceConfig> sources;
            TaskScope scope;
            scope.spawn(startAll(clock, m_folder.path(), running, sources));
            loop.exec();
            scope.drain();
        }
    }

    Task<> startAll(Clock& clock, QString folder,
                    std::vector<std::unique_ptr<DemoOrchestrator>>& running,
                    std::vector<SourceConfig>& sources) {
        for (const DemoPlan& plan : plans()) {
            auto made = DemoOrchestrator::make(clock, plan, folder);
            if (!made) {
                answer(fail(made.error()));
                co_return;
            }
            running.push_back(std::move(*made));
            Outcome<SourceConfig> source = co_await running.back()->start();
            if (!source) {
                answer(fail(source.error()));
                co_return;
            }
            sources.push_back(std::move(*source));
        }
        answer(sources);
        for (auto& orchestrator : running)
            orchestrator->deploy();
    }

    void answer(Outcome<std::vector<SourceConfig>> outcome) {
        m_back.post([this, outcome = std::move(outcome)] { m_onReady(outcome); });
    }

    std::function<void(Outcome<std::vector<SourceConfig>>)> m_onReady;
    QTemporaryDir m_folder;
    Door m_door; ///< into the thread that made this
    Door::Handle m_back = m_door.handle();
    std::function<void()> m_quit; ///< set and called by the demo's thread
    Door::Handle m_stop;
    std::thread m_thread;
};

DemoFleet::DemoFleet(std::function<void(Outcome<std::vector<SourceConfig>>)> onReady)
    : d(std::make_unique<Private>(std::move(onReady))) {}

DemoFleet::~DemoFleet() = default;

} // namespace vigie
