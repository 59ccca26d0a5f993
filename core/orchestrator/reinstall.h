#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/providers/provider.h"
#include "core/watchdog/guards.h"

#include <QSet>
#include <QUrl>

namespace vigie {

/// Whether this work in hand is a remedy that the Reinstaller does.
bool isRemedy(const QString& workInHand);

struct ReinstallOptions {
    int maxAttempts = 3; ///< provider commands before the instance becomes startup_failed
    Duration firstDelay = std::chrono::seconds(5);
    Duration maxDelay = std::chrono::seconds(60);
    Duration commandLimit = std::chrono::minutes(10);
};

/// Reinstalls and restarts machines, for a person and for the watchdog alike, and brings them back
/// to `booting`; a reinstall makes a new incarnation with a new bootstrap secret. What was begun is
/// in the store (`workInHand`), so that a crash at any point leaves work that resume() finds.
class Reinstaller {
public:
    Reinstaller(ControlPlane& plane, Provider& provider, QUrl controlPlaneUrl,
                ReinstallOptions options = {});
    Reinstaller(const Reinstaller&) = delete;
    Reinstaller& operator=(const Reinstaller&) = delete;

    /// What begin() needs to know beyond the instance.
    struct Request {
        Asker asker;
        bool byPerson = true;
        RemedyStep step = RemedyStep::Reinstall; ///< or RestartWorker
        std::optional<Assessment> assessment;    ///< what automation acts on; goes into the log
        /// Asked about the newest version before it is changed; a sentence refuses with Conflict.
        std::function<std::optional<QString>(const InstanceRecord&)> refuse;
    };
    /// Writes the begin (the REQUEST_ and EXECUTE_ rows, `booting`, and for a reinstall the new
    /// incarnation) and starts the provider's part in the background; answers once the begin is
    /// durable. NotFound, Invalid for a step that is no work of a provider, Conflict (with the
    /// sentence) or Storage.
    Task<Outcome<InstanceRecord>> begin(InstanceId id, Request request);

    /// Goes on with every such work that is in hand, due, and not running: after a restart, or
    /// after a failed try. Returns how many.
    int resume();

    /// Asks running provider calls to end and waits for them.
    void stop() { m_scope.drain(); }

private:
    Task<> execute(InstanceId id, std::stop_token stop);
    Task<> attempt(InstanceId id, std::stop_token stop);
    Task<> succeed(InstanceId id, ActionLogId work);
    Task<> retryOrFail(InstanceId id, ActionLogId work, Failure failure);
    /// What the provider is asked for; a reinstall gets a new secret, written down first.
    Task<Outcome<MachineCommand>> prepare(InstanceId id, ActionLogId work);

    ControlPlane& m_plane;
    Provider& m_provider;
    QUrl m_controlPlaneUrl;
    ReinstallOptions m_options;
    QSet<InstanceId> m_running;
    QSet<InstanceId> m_automatic; ///< whose work in hand was begun by automation
    TaskScope m_scope;
};

} // namespace vigie
