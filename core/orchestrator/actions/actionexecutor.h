#pragma once

#include "core/orchestrator/actions/actionfacts.h"
#include "core/orchestrator/reinstall.h"
#include "core/providers/provider.h"

#include <QSet>

#include <functional>
#include <memory>

namespace vigie {

/// Begins one action on one target, whoever asked, and tells when it has ended. What is begun is
/// durable with its rows of the log, in one transaction.
class ActionExecutor {
public:
    /// All outlive it. `wake` runs a job now.
    struct Parts {
        ControlPlane& plane;
        Provider& provider;
        Reinstaller& reinstaller;
        Automation& automation;
        std::function<void(const QString& job)> wake;
    };
    explicit ActionExecutor(Parts parts) : m_parts(std::move(parts)) {}
    ActionExecutor(const ActionExecutor&) = delete;
    ActionExecutor& operator=(const ActionExecutor&) = delete;

    struct Order {
        Action action = Action::Terminate;
        TargetFacts target; ///< as the guards saw it; when it is so no longer: Conflict
        Asker asker;
        QStringList passedGuards;
        std::optional<WallTime> holdUntil;
        std::optional<ActionLog> journal; ///< written with the begin
    };
    /// NotFound, Conflict (with a sentence), Invalid or Storage.
    Task<Outcome<InstanceRecord>> begin(Order order);

    struct End {
        bool done = false;
        QString message;
    };
    /// How an action that was begun ended; nothing while it goes on. Goes on with what a crash
    /// stopped.
    std::optional<End> ended(Action action, const InstanceId& instance, const QString& target);
    /// Whether the action is over as soon as it is begun.
    static bool isInstant(Action action);

    /// Asks running calls of the provider to end.
    void requestStop() { m_scope->requestStop(); }
    bool stopping() const { return m_scope->token().stop_requested(); }
    bool idle() const { return m_scope->idle(); }
    /// After they ended: takes work again.
    void restart() { m_scope = std::make_unique<TaskScope>(); }
    void stop() { m_scope->drain(); }

private:
    Task<Outcome<InstanceRecord>> remedy(Order order);
    std::optional<End> volumeEnded(const InstanceId& instance, const QString& target);
    Task<> deleteVolume(InstanceId instance, VolumeId volume, std::stop_token stop);
    Task<Outcome<void>> askProvider(Volume volume, std::stop_token stop);

    Parts m_parts;
    QSet<VolumeId> m_deleting;
    std::unique_ptr<TaskScope> m_scope = std::make_unique<TaskScope>();
};

} // namespace vigie
