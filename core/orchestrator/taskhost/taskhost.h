#pragma once

#include "core/base/door.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/orchestrator/taskhost/taskorders.h"
#include "core/resilience/sharedcalls.h"

#include <functional>
#include <memory>
#include <thread>

namespace vigie {

class TaskBench;

/// Runs plans for a daemon, on a thread of its own with an event loop of its own: a disk that takes
/// its time never holds up heartbeats. The workspace is opened by the first call that needs it; one
/// that can't be opened fails that call and is tried again by the next. Answers are the JSON bodies
/// of the API. Belongs to the thread that made it.
class TaskHost {
public:
    /// `ended` is told of every task that is over, on the owner's thread; `shared` is used on the
    /// thread of the runs.
    explicit TaskHost(Settings settings, std::function<void(const TaskResult&)> ended = {},
                      SharedCalls shared = {});
    /// Stops what runs; all of it can be resumed.
    ~TaskHost();
    TaskHost(const TaskHost&) = delete;
    TaskHost& operator=(const TaskHost&) = delete;

    /// Takes preset and profiles of other settings, which were found usable, also for runs under
    /// way; breakers and results stay.
    void reload(Settings settings);

    /// Begins a run and answers at once. Invalid for a bad plan, Conflict for an id that is there,
    /// Overloaded with too many runs under way.
    Task<Outcome<QByteArray>> begin(RunOrder order);
    /// Goes on with a run that nobody works on.
    Task<Outcome<QByteArray>> resume(QString id);
    Task<Outcome<QByteArray>> runs();
    Task<Outcome<QByteArray>> run(QString id);

    Task<Outcome<QByteArray>> letters();
    Task<Outcome<QByteArray>> edit(QString id, LetterChange change);
    Task<Outcome<QByteArray>> drop(QString id, QString why);
    /// Begins to try a letter again and answers at once. Conflict when it has no tries left.
    Task<Outcome<QByteArray>> replay(QString id);

    Task<Outcome<QByteArray>> checkpoints();

private:
    using Work = std::function<Task<Outcome<QByteArray>>(TaskBench&)>;
    Task<Outcome<QByteArray>> ask(Work work);
    void start();

    Settings m_settings;
    const std::function<void(const TaskResult&)> m_ended;
    const SharedCalls m_shared;
    Door m_back;                  ///< answers come in here
    Door::Handle m_there;         ///< the bench's
    TaskBench* m_bench = nullptr; ///< lives on the thread, and only touched there
    std::thread m_thread;         ///< not joinable: not needed yet
};

} // namespace vigie
