#pragma once

#include "core/orchestrator/actions/actionexecutor.h"
#include "core/orchestrator/actions/actionplan.h"
#include "core/orchestrator/actions/actionsettings.h"
#include "core/orchestrator/actions/drainwatch.h"

#include <deque>
#include <map>

namespace vigie {

/// Plans and carries out manual actions on many: in waves, past the guards, each item once whatever
/// happens to this process. Also what a single action of part A goes through.
class OperationDesk {
public:
    OperationDesk(ActionExecutor::Parts parts, ActionSettings settings);
    OperationDesk(const OperationDesk&) = delete;
    OperationDesk& operator=(const OperationDesk&) = delete;

    struct Plan {
        QString id;
        WallTime expiresAt{};
        Asker asker;
        ActionPlan plan;
    };
    static constexpr Duration planLife = std::chrono::minutes(2);

    /// A dry run; remembered for `planLife`.
    Plan plan(Action action, const QStringList& ids, Asker asker, bool override);
    /// NotFound for a plan that is not known (any more), Conflict for one that has expired.
    Outcome<Plan> find(const QString& planId) const;

    struct Wish {
        Action action = Action::Terminate;
        QStringList ids;
        std::optional<Plan> plan; ///< instead of `ids`: what it said is what must still be so
        bool override = false;
        std::optional<WallTime> holdUntil;
        std::optional<WaveOptions> waves;
        Asker asker;
        ActionLogId id; ///< asked for again under the same id, it is the same operation
    };
    /// The operation once it is durable. Invalid without a reason or targets, Storage.
    Task<Outcome<ActionOperation>> start(Wish wish);

    /// One action on one target now. Conflict with code "guard_blocked" and the guard's name in
    /// `correlationId` when a guard objects.
    struct Single {
        Outcome<InstanceRecord> outcome;
        QString guard; ///< that objected
    };
    Task<Single> single(Action action, QString id, Asker asker, bool override);

    /// Newest first; the running ones and the last that ended.
    std::vector<ActionOperation> list() const;
    std::optional<ActionOperation> find(const ActionLogId& id) const;

    /// NotFound, Conflict (with a sentence) when it can't be, Storage.
    Task<Outcome<ActionOperation>> pause(ActionLogId id, Asker asker);
    Task<Outcome<ActionOperation>> resume(ActionLogId id, Asker asker);
    Task<Outcome<ActionOperation>> abort(ActionLogId id, Asker asker);

    /// Reads what was begun before the start; to be called before the first tick.
    Task<Outcome<void>> restore();
    /// Moves everything on: to be called every second. Never runs twice at once.
    Task<> tick();
    void stop() { m_executor.stop(); }

    const ActionSettings& settings() const { return m_settings; }
    /// Items by action and what became of them, since the start.
    const std::map<std::pair<QString, QString>, quint64>& counts() const { return m_counts; }

private:
    using Place = std::deque<ActionOperation>::iterator;

    ActionOperation* at(const ActionLogId& id);
    void remember(ActionOperation operation);
    Task<Outcome<void>> reread(ActionLogId id);
    Task<> advance(ActionLogId id);
    Task<> lookAfter(ActionLogId id);
    Task<> startItem(ActionLogId id, std::size_t place);
    Task<> skip(ActionLogId id, std::size_t place, QString code, QString message);
    Task<> endItem(ActionLogId id, std::size_t place, ActionExecutor::End end);
    Task<> pauseByItself(ActionLogId id, ActionOperation::Pause pause);
    Task<> finish(ActionLogId id);
    void noteEnd(ActionOperation& operation, std::size_t place);

    ActionExecutor::Parts m_parts;
    ActionSettings m_settings;
    ActionExecutor m_executor;
    DrainWatch m_drains;
    std::deque<ActionOperation> m_operations;                  ///< newest first
    std::map<QString, std::pair<Plan, MonotonicTime>> m_plans; ///< with when each was made
    std::map<std::pair<QString, QString>, quint64> m_counts;
    bool m_restored = false;
    bool m_ticking = false;
};

} // namespace vigie
