#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/remedywork.h"
#include "core/orchestrator/replacement.h"
#include "core/providers/provider.h"
#include "core/watchdog/guards.h"

#include <QSet>
#include <QUrl>

#include <functional>

namespace vigie {

struct ReinstallOptions {
    int maxAttempts = 3; ///< provider commands before the instance becomes startup_failed
    Duration firstDelay = std::chrono::seconds(5);
    Duration maxDelay = std::chrono::seconds(60);
    Duration commandLimit = std::chrono::minutes(10);
};

/// Does the remedies of the ladder, for a person and for the watchdog alike: a restart or reinstall
/// brings a machine back to `booting` (a reinstall as a new incarnation with a new bootstrap
/// secret), a replacement makes another one. What was begun is in the store (`workInHand`), so that
/// a crash at any point leaves work that resume() finds.
///
/// What automation began and the provider has not carried out yet is asked about anew before each
/// try: it is called off when the worker was heard since, and waits while the model answers.
class Reinstaller {
public:
    Reinstaller(ControlPlane& plane, Provider& provider, QUrl controlPlaneUrl,
                ReinstallOptions options = {});
    Reinstaller(const Reinstaller&) = delete;
    Reinstaller& operator=(const Reinstaller&) = delete;

    /// What speaks against doing anything to the instance now, as a sentence; empty: nothing.
    void askBeforeEachTry(std::function<QString(const InstanceId&)> whatSpeaksAgainst) {
        m_whatSpeaksAgainst = std::move(whatSpeaksAgainst);
    }

    /// What begin() needs to know beyond the instance.
    struct Request {
        Asker asker;
        bool byPerson = true;
        RemedyStep step = RemedyStep::Reinstall;
        std::optional<Assessment> assessment; ///< what automation acts on; goes into the log
        /// Asked about the newest version before it is changed; a sentence refuses with Conflict.
        std::function<std::optional<QString>(const InstanceRecord&)> refuse;
        std::vector<ActionLog> logStarts; ///< written with the begin
        QString parentLogId;              ///< of the REQUEST_ row
        QStringList passedGuards;         ///< that were overridden; goes into the log
    };
    /// Writes the begin (the REQUEST_ and EXECUTE_ rows, `booting`, and for a reinstall the new
    /// incarnation) and starts the provider's part in the background; answers once the begin is
    /// durable. A replacement leaves the instance as it is until the new one serves. NotFound,
    /// Conflict (with the sentence) or Storage.
    Task<Outcome<InstanceRecord>> begin(InstanceId id, Request request);

    /// Goes on with every such work that is in hand, due, and not running: after a restart, after a
    /// failed try, and for each step of a replacement. Returns how many.
    int resume();

    /// Asks running provider calls to end.
    void requestStop() { m_scope->requestStop(); }
    bool idle() const { return m_scope->idle(); }
    /// After they ended: takes work again.
    void restart() { m_scope = std::make_unique<TaskScope>(); }
    /// Asks running provider calls to end and waits for them.
    void stop() { m_scope->drain(); }

private:
    Task<> execute(InstanceId id, std::stop_token stop);
    Task<> attempt(InstanceId id, std::stop_token stop);
    Task<> attemptClaimed(InstanceId id, std::stop_token stop);
    Task<bool> isStillDue(InstanceId id, ActionLogId work);
    Task<> callOff(InstanceId id, ActionLogId work);
    Task<> wait(InstanceId id, ActionLogId work, QString why);
    Task<> succeed(InstanceId id, ActionLogId work);
    /// Nothing while the store can't say who began it.
    Task<std::optional<bool>> isAutomatic(InstanceId id, ActionLogId work);
    Task<> retryOrFail(InstanceId id, ActionLogId work, Failure failure);
    /// What the provider is asked for; a reinstall gets a new secret, written down first.
    Task<Outcome<MachineCommand>> prepare(InstanceId id, ActionLogId work);

    ControlPlane& m_plane;
    Provider& m_provider;
    Replacement m_replacement;
    QUrl m_controlPlaneUrl;
    ReinstallOptions m_options;
    std::function<QString(const InstanceId&)> m_whatSpeaksAgainst;
    QSet<InstanceId> m_running;
    /// Its work in hand that is known, and whether automation began it.
    QHash<InstanceId, std::pair<ActionLogId, bool>> m_automatic;
    std::unique_ptr<TaskScope> m_scope = std::make_unique<TaskScope>();
};

} // namespace vigie
