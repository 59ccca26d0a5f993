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
///
/// Of several orchestrators on one store the one that leads moves operations on. All of them take
/// orders, which are rows of the store, and show what is in the journal.
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

    /// Reads what others are known to have written: what follows shows it. Storage.
    Task<Outcome<void>> catchUp();
    /// Newest first; the running ones and the last that ended.
    std::vector<ActionOperation> list() const;
    std::optional<ActionOperation> find(const ActionLogId& id) const;
    /// The same, with what others that share the store began and we have not heard of yet. Storage.
    Task<Outcome<std::optional<ActionOperation>>> findAnywhere(ActionLogId id);

    /// NotFound, Conflict (with a sentence) when it can't be, Storage.
    Task<Outcome<ActionOperation>> pause(ActionLogId id, Asker asker);
    Task<Outcome<ActionOperation>> resume(ActionLogId id, Asker asker);
    Task<Outcome<ActionOperation>> abort(ActionLogId id, Asker asker);

    /// Another orchestrator wrote to the action log: the next tick, or who looks before it, reads
    /// what became of operations.
    void heed() { ++m_heard; }
    /// Moves everything on: to be called every second. Never runs twice at once.
    Task<> tick();
    /// What runs ends at its next safe point.
    void requestStop() { m_executor.requestStop(); }
    bool idle() const { return !m_ticking && m_executor.idle(); }
    /// After it ended: goes on, should we lead again.
    void restart() { m_executor.restart(); }
    void stop() { m_executor.stop(); }

    const ActionSettings& settings() const { return m_settings; }
    /// Items by action and what became of them, since the start.
    const std::map<std::pair<QString, QString>, quint64>& counts() const { return m_counts; }

private:
    using Place = std::deque<ActionOperation>::iterator;

    ActionOperation* at(const ActionLogId& id);
    void remember(ActionOperation operation);
    void forgetOld();
    /// Whether it is for us to begin anything.
    bool goesOn() const {
        return m_parts.plane.replica().leads() && !m_executor.stopping() &&
               m_parts.plane.whyUntouched().isEmpty();
    }
    Task<> move();
    /// Reads the newest operations, and all that run, from the store.
    Task<Outcome<void>> restore();
    Task<> listen();
    /// What others are known to have written, but for the journals of what runs.
    Task<Outcome<void>> readNews();
    /// Reads the journal of an operation whose newest rows we may not have seen.
    Task<bool> isKnown(ActionLogId id);
    /// What is written about it now; another orchestrator may have been asked before us.
    Task<> lookUp(ActionLogId id);
    Task<Outcome<void>> reread(ActionLogId id);
    std::vector<ActionLogId> openOnes() const;
    void beUnsure(const ActionLogId& id);
    Task<> advance(ActionLogId id);
    Task<> lookAfter(ActionLogId id);
    Task<> startItem(ActionLogId id, std::size_t place);
    Task<> skip(ActionLogId id, std::size_t place, QString code, QString message);
    Task<> endItem(ActionLogId id, std::size_t place, ActionExecutor::End end);
    Task<> pauseRestored(ActionLogId id);
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
    quint64 m_edits = 0; ///< counts what we wrote: a journal read before is not the newest
    /// The store knows more than we do while these differ; a number each, for news may come while
    /// older ones are read.
    quint64 m_heard = 1, m_read = 0;
    bool m_whole = false; ///< operations of before the start are read
    bool m_led = false;
    bool m_ticking = false;
};

} // namespace vigie
