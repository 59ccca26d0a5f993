#pragma once

#include "core/orchestrator/jobs/healthcheck/prober.h"
#include "core/orchestrator/jobs/healthcheck/startup.h"
#include "core/orchestrator/jobs/healthcheck/tokenprobe.h"
#include "core/orchestrator/workline.h"

namespace vigie::jobs::healthcheck {

struct HealthCheckOptions {
    bool backoffEnabled = true;
    Duration interval = std::chrono::seconds(10); ///< the job's own; the first step of the back-off
    Duration backoffMax = std::chrono::seconds(300);
    Duration cacheTtl = std::chrono::seconds(30); ///< a good result stands so long
    Duration deadline = std::chrono::seconds(5);  ///< of one request
    Duration addressTtl = std::chrono::seconds(60);
    int parallel = 64; ///< probes at once
    TokenProbeOptions tokens;
};

/// Probes every instance that has a machine, keeps the newest result of each on the ProbeBoard, and
/// leads start-ups to ready or to startup_failed. What probes of ready instances mean is the worker
/// watchdog's to judge. Who does not answer keeps nobody else waiting: its probe goes on beyond the
/// cycle that began it, and is not begun again meanwhile.
class HealthCheckJob final : public Job {
public:
    HealthCheckJob(JobContext& context, HealthCheckOptions options,
                   const WatchdogSettings& settings, HttpSend send);
    Task<JobReport> run(std::stop_token stop) override;
    void reconfigure(const WatchdogSettings& settings) override { m_settings = settings; }

private:
    /// What is remembered of one instance between cycles.
    struct Check {
        quint64 life = 0; ///< another one with each new worker or remedy
        int incarnation = 0;
        QString machine;
        std::optional<WallTime> recoveryBegunAt;
        MonotonicTime due{};
        QString address; ///< as the provider told it
        std::optional<MonotonicTime> addressAt;
        std::optional<MonotonicTime> tokensAt; ///< when the model last gave real tokens
        StartSigns shown;                      ///< by the newest probe
    };

    std::vector<InstanceId> watched();
    void beginAnewIfAnother(const InstanceRecord& record, Check& check);
    bool isDue(const InstanceRecord& record, const LiveState& live, const Check& check) const;
    /// What is remembered of the one that a probe was begun for; null when it is another by now.
    Check* remembered(const InstanceId& id, quint64 life);
    Task<> check(InstanceId id, std::stop_token stop);
    Task<ProbeResult> probe(InstanceId id, quint64 life, std::stop_token stop);
    /// The optional part: real tokens, where all else is well and they are due again.
    Task<> askForTokens(InstanceId id, quint64 life, ProbeTarget target, ProbeAnswer& answer,
                        std::stop_token stop);
    /// The provider's address of the machine, or why there is none to probe.
    Task<Outcome<QString>> addressOf(InstanceId id, quint64 life, std::stop_token stop);
    /// Puts the result on the board; logs it when it tells something new.
    Task<> take(InstanceId id, ProbeResult result);
    Duration untilNext(const InstanceId& id, const ProbeResult& result) const;

    JobContext& m_context;
    HealthCheckOptions m_options;
    WatchdogSettings m_settings;
    Prober m_prober;
    TokenProbe m_tokens;
    Startup m_startup;
    QHash<InstanceId, Check> m_checks;
    quint64 m_lives = 0;
    JobReport m_report; ///< since the end of the newest cycle
    WorkLine m_line;    // last: what it runs uses the rest
};

} // namespace vigie::jobs::healthcheck
