#pragma once

#include "core/alerts/alertengine.h"
#include "core/alerts/alertmanagercodec.h"
#include "core/model/breaker.h"
#include "core/orchestrator/alerting/daemonrules.h"

namespace vigie {

/// A daemon's own alerts: the rules of core/alerts over its instances and breakers, and those about
/// itself, judged every second; and the silences that people made. A silence is a row of the action
/// log that is in progress as long as it stands: it survives a restart, and every replica sees it.
/// Belongs to the event-loop thread.
class AlertDesk {
public:
    /// All outlive it.
    struct Parts {
        ControlPlane& plane;
        const JobRunner& jobs;
        std::function<std::vector<Breaker>()> breakers;
        std::function<std::vector<TaskFigures::Failing>()> failingTasks{}; ///< empty: none
        std::function<QStringList()> chaos{}; ///< what is made worse on purpose; empty: nothing
    };
    explicit AlertDesk(Parts parts);

    void start();
    void stop();
    /// One look at everything; start() has it done every second.
    Task<> look();

    /// Those that fire now, the worst and newest first.
    std::vector<ToldAlert> alerts() const;
    /// What stands and what ended lately (5 days), the newest first.
    Task<Outcome<std::vector<Silence>>> silences() const;

    /// Makes a silence, or another in place of the one it names; its id. NotFound when it names one
    /// that does not stand.
    Task<Outcome<QString>> silence(Silence wanted, Asker asker);
    /// Ends one; NotFound when there is none that stands.
    Task<Outcome<void>> expire(QString id, Asker asker);

    /// Called with the fingerprints of alerts that began, ended or were silenced or not any more.
    void onChanged(std::function<void(const QStringList&)> listener) {
        m_changed = std::move(listener);
    }
    /// Changes whenever something that a person watches for does.
    QByteArray mark() const;

    static constexpr Duration lookEvery = std::chrono::seconds(1);

private:
    std::vector<std::shared_ptr<const InstanceView>> views() const;
    Task<Outcome<void>> readSilences();
    Task<Outcome<void>> finish(QString id, QString why);
    void evaluate();
    void tellChanges();
    QStringList silencing(const Alert& alert) const;

    Parts m_parts;
    DaemonFacts m_facts;
    AlertEngine m_engine;
    std::vector<Silence> m_silences;       ///< that stand, oldest first
    std::map<QString, QStringList> m_told; ///< firing: fingerprint to the silences it is under
    std::function<void(const QStringList&)> m_changed;
    bool m_looking = false;
    std::unique_ptr<Ticker> m_ticker;
    TaskScope m_scope;
};

} // namespace vigie
