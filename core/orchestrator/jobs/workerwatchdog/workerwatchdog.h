#pragma once

#include "core/orchestrator/jobs/workerwatchdog/evidence.h"
#include "core/orchestrator/jobs/workerwatchdog/recovery.h"

namespace vigie::jobs::workerwatchdog {

/// Judges every worker by the evidence of the tick (judgement.md), writes what the verdict asks
/// for, and has dead ones recovered where mode and guards let automation act.
class WorkerWatchdogJob final : public Job {
public:
    WorkerWatchdogJob(JobContext& context, EvidenceOptions options,
                      const WatchdogSettings& settings)
        : m_context(context), m_settings(settings), m_desk(context, options, settings.policy),
          m_recovery(context, settings) {}
    Task<JobReport> run(std::stop_token stop) override;
    void reconfigure(const WatchdogSettings& settings) override {
        m_settings = settings;
        m_desk.setPolicy(settings.policy);
        m_recovery.setSettings(settings);
    }

private:
    std::vector<const FleetEntry*> watched() const;
    /// Pure but for what the desk knows; writes nothing.
    Testimony judge(const FleetEntry& entry, const QString& massAbsence) const;
    Task<> write(Judged judged, TransitionCause cause, Assessment said, JobReport& report);
    void tellStorms();

    JobContext& m_context;
    WatchdogSettings m_settings;
    EvidenceDesk m_desk;
    Recovery m_recovery;
    quint64 m_tick = 0;
    int m_stormed = 0; ///< instances of this tick that a storm kept from being judged
    bool m_storming = false;
};

} // namespace vigie::jobs::workerwatchdog
