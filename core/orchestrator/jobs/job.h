#pragma once

#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/http/httpclient.h"
#include "core/orchestrator/automation.h"
#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/reinstall.h"
#include "core/orchestrator/volumesurvey.h"
#include "core/providers/provider.h"
#include "core/telemetry/histogram.h"
#include "core/telemetry/windowedlatency.h"

#include <QUrl>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace vigie {

class CallRunner;

/// What one cycle of a job did.
struct JobReport {
    int claimed = 0;
    int processed = 0;
    int errors = 0;
    int blockedByGuard = 0;
    std::map<QString, int> blockedBy{}; ///< of those, by the guard's name

    void block(const QString& guard, int count = 1) {
        if (count <= 0)
            return;
        blockedByGuard += count;
        blockedBy[guard] += count;
    }
};

/// A periodic duty of the control plane. Idempotent: a cycle that a crash cut short is repeated.
class Job {
public:
    virtual ~Job() = default;
    /// Never runs twice at once; `stop` ends it at the next safe point.
    virtual Task<JobReport> run(std::stop_token stop) = 0;
    /// The policy has changed: what is begun from now on goes by this one.
    virtual void reconfigure(const WatchdogSettings& settings) { Q_UNUSED(settings); }
    /// The setting that switches it off, as a person writes it; empty when it is on.
    virtual QString switchedOffBy() const { return {}; }
};

/// What happened to the watcher itself; made by the runner of the jobs, read by the watchdog.
/// Whichever job gets a good answer from the provider notes it in `providerAnswered`.
struct WatcherState {
    MonotonicTime startedAt{};
    std::optional<MonotonicTime> lastStall;
    bool ownAddressAnswers = false;
    std::optional<MonotonicTime> providerAnswered;
};

/// The result of the newest active check of an instance, kept by the health-check job.
struct ProbeResult {
    bool possible = true;
    bool ok = false;
    int failuresInRow = 0;
    QString says;
    MonotonicTime at{};
    Duration latency{};
};
struct ProbeBoard {
    QHash<InstanceId, ProbeResult> results;
    /// An older answer of a silent instance says nothing; the worker-watchdog sets it.
    Duration freshFor = std::chrono::seconds(60);
    /// Whether a fresh probe found the instance serving.
    bool serves(const InstanceId& id, MonotonicTime now) const {
        const auto result = results.constFind(id);
        return result != results.constEnd() && result->possible && result->ok &&
               now - result->at <= freshFor;
    }
    WindowedLatency latency; ///< of single probes
    WindowedLatency tokens;  ///< of the synthetic probes, which ask for real tokens
};

/// A machine of ours that nobody wants.
struct OrphanMachine {
    MachineId machine;
    InstanceId instance; ///< whose it was, by its tag
    QString why, blockedBy;
    std::optional<WallTime> markedAt;
    int attempts = 0;
    bool disowned = false; ///< the store is older than it
};
/// What the newest cycle of watch-dog saw.
struct MachineBoard {
    std::vector<OrphanMachine> orphans;
    std::optional<WallTime> listedAt;
    QString failure;     ///< of the newest attempt to list; empty when it went well
    QString massAbsence; ///< why no absence is written down now; empty when one would be
    QString denied;      ///< the same, by either job, as worker-watchdog last heeded it
    int marked = 0, retriesUsedUp = 0;
    quint64 deleted = 0; ///< since the start

    /// All but what is counted since the start.
    void forget() {
        orphans.clear();
        listedAt.reset();
        failure.clear();
        massAbsence.clear();
        denied.clear();
        marked = retriesUsedUp = 0;
    }
};

/// What the newest cycle of recovery would have cleaned up, were it not for a guard.
struct CleanUpBoard {
    struct Held {
        InstanceId instance;
        QString blockedBy;
    };
    std::vector<Held> held;
};

/// What a job is built from; all outlive it.
struct JobContext {
    Clock& clock;
    const Settings& settings;
    ControlPlane& plane;
    Provider& provider;
    HttpClient& http;
    WatcherState& watcher;
    ProbeBoard& probes;
    VolumeBoard& volumes;
    MachineBoard& machines;
    CleanUpBoard& cleanUps;
    Reinstaller& reinstaller;
    Automation& automation;
    QUrl controlPlaneUrl;             ///< what new machines are told
    CallRunner* probeCalls = nullptr; ///< what probes go through; null: nothing
    /// Keeps work that outlives its cycle until the daemon stops or its lease ends; see WorkLine.
    std::function<void(Task<>)> carryOn{};
};

struct JobDescriptor {
    QString name; ///< "worker-watchdog"
    Duration defaultInterval = std::chrono::seconds(10);
    std::vector<SettingSpec> settings; ///< section "jobs.<name>"; interval_seconds is added to all
    std::function<std::unique_ptr<Job>(JobContext&)> create;
    /// Of several orchestrators on one store each runs it, claiming what it works on
    /// (ControlPlane::claim()); else only the one that leads.
    bool shares = false;
};

namespace jobs {
/// All jobs of this build; generated from the sub-folders.
std::vector<JobDescriptor> registry();
} // namespace jobs

} // namespace vigie
