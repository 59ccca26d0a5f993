#pragma once

#include "core/base/door.h"
#include "core/base/systemclock.h"
#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/orchestrator/taskhost/taskorders.h"
#include "core/tasks/workspace/taskworkspace.h"

#include <QHash>

class QEventLoop;

namespace vigie {

/// What a daemon knows of a run beyond its journal.
struct HostedRun {
    bool active = false;
    QString error;     ///< why it ended early; empty: it did not
    QStringList notes; ///< of its newest end
};

/// The workspace of a TaskHost and the runs that are under way; all of it on the host's thread.
class TaskBench {
public:
    static constexpr int mostActive = 8; ///< runs and replays at once
    using Answer = Outcome<QByteArray>;

    /// `loop` is ended by leave(); `told` hears of every task that is over, on this thread.
    TaskBench(const Settings& settings, QEventLoop& loop, QueueRunner::Told told,
              SharedCalls shared);
    ~TaskBench();

    Door::Handle door() const { return m_door.handle(); }
    void spawn(Task<> task) { m_scope.spawn(std::move(task)); }
    void leave();
    /// Stops what runs and waits for it.
    void stop();

    /// Takes preset and profiles of other settings, also for runs under way; what can't be used is
    /// told in the log and changes nothing.
    void reload(const Settings& settings);

    Task<Answer> begin(RunOrder order);
    Task<Answer> resume(QString id);
    Task<Answer> runs();
    Task<Answer> run(QString id);
    Task<Answer> letters();
    Task<Answer> edit(QString id, LetterChange change);
    Task<Answer> drop(QString id, QString why);
    Task<Answer> replay(QString id);
    Task<Answer> checkpoints();

private:
    Outcome<TaskWorkspace*> workspace();
    std::optional<Failure> noRoom() const;
    Task<> carryOn(QString id, std::optional<ExecutionPlan> plan);
    Task<> replayOne(QString id);

    Settings m_settings;
    QEventLoop& m_loop;
    const QueueRunner::Told m_told;
    const SharedCalls m_shared;
    SystemClock m_clock;
    std::unique_ptr<TaskWorkspace> m_workspace; ///< null: not open yet
    QHash<QString, HostedRun> m_runs;           ///< of this process, by id
    QHash<QString, QueueRunner*> m_runners;     ///< of those that are under way
    QStringList m_replaying;                    ///< ids of letters
    Door m_door;
    TaskScope m_scope;
};

} // namespace vigie
