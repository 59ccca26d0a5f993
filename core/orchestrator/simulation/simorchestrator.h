#pragma once

#include "core/orchestrator/jobs/healthcheck/startup.h"
#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/jobs/watchercheck.h"

namespace vigie {

/// One life of the orchestrator, from its start to its end or its crash: the jobs of this build
/// with their default settings, by their own intervals, on whatever clock, store and provider it is
/// given. Only the probes of the health check and HTTP are left to who plays them.
class SimOrchestrator {
public:
    /// All outlive it; `settings` hold the keys of jobSettings().
    SimOrchestrator(Clock& clock, Store& store, Provider& provider, const Settings& settings,
                    const WatchdogSettings& watchdog);
    ~SimOrchestrator();
    SimOrchestrator(const SimOrchestrator&) = delete;
    SimOrchestrator& operator=(const SimOrchestrator&) = delete;

    ControlPlane& plane() { return m_plane; }
    ProbeBoard& probes() { return m_probes; }
    WatcherState& watcher() { return m_watcher; }
    const Automation& automation() const { return m_automation; }

    /// The worker of an instance shows its secret and asks for a token, as at POST register.
    void enroll(const InstanceId& id, const QString& secret, const QString& tokenHash) {
        m_scope.spawn(take(id, secret, tokenHash));
    }
    void flush() { m_scope.spawn(m_plane.flushBeats()); }
    /// Leads one that starts on by what its worker and its probes tell.
    void advance(const InstanceId& id) { m_scope.spawn(follow(id)); }
    /// A person ends pauses and the storm brake.
    void release();
    /// Runs the jobs that are due, none of them twice at once; `interval` lies between two ticks.
    void tick(Duration interval);

private:
    struct Slot {
        std::unique_ptr<Job> job;
        bool watchdog = false;
        Duration interval{};
        MonotonicTime due{};
        bool running = false;
    };

    Task<> load();
    Task<> take(InstanceId id, QString secret, QString tokenHash);
    Task<> follow(InstanceId id);
    Task<> releaseAs(Asker person);
    Task<> cycle(Slot& slot);

    Clock& m_clock;
    ControlPlane m_plane;
    HttpClient m_http;
    WatcherState m_watcher;
    ProbeBoard m_probes;
    VolumeBoard m_volumes;
    MachineBoard m_machines;
    CleanUpBoard m_cleanUps;
    WatcherCheck m_check;
    Reinstaller m_reinstaller;
    Automation m_automation;
    JobContext m_context;
    jobs::healthcheck::Startup m_startup;
    std::vector<std::unique_ptr<Slot>> m_slots;
    TaskScope m_scope;
};

} // namespace vigie
