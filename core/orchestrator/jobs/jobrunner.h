#pragma once

#include "core/base/systemclock.h"
#include "core/orchestrator/actions/operations.h"
#include "core/orchestrator/commanddesk.h"
#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/policydesk.h"
#include "core/orchestrator/storekeeper.h"

#include <optional>

namespace vigie {

/// What one job has done so far; the contract's row of /jobs.
struct JobStats {
    QString name;
    Duration interval{};
    bool running = false;
    std::optional<WallTime> lastRunAt; ///< when the newest finished cycle began
    Duration lastDuration{};
    Histogram duration; ///< of whole cycles
    quint64 runs = 0;   ///< finished cycles
    quint64 errors = 0, claimed = 0, processed = 0, blockedByGuard = 0;
    std::map<QString, quint64> blockedBy{}; ///< of those, by the guard's name
    int processedLastCycle = 0;
    QString owner;         ///< the orchestrator that runs it; several share the work of some
    QString switchedOffBy; ///< see Job
    /// Another one runs it: what is counted here tells of a lead of before.
    bool elsewhere = false;

    void add(const JobReport& cycle) {
        ++runs;
        errors += static_cast<quint64>(cycle.errors);
        claimed += static_cast<quint64>(cycle.claimed);
        processed += static_cast<quint64>(cycle.processed);
        blockedByGuard += static_cast<quint64>(cycle.blockedByGuard);
        for (const auto& [guard, count] : cycle.blockedBy)
            blockedBy[guard] += static_cast<quint64>(count);
        processedLastCycle = cycle.processed;
    }
};

/// Every key of the jobs and of what they share: [jobs.<name>] with interval_seconds, [watchdog],
/// [automation], [recovery], [guards], [actions].
std::vector<SettingSpec> jobSettings();

/// Runs each job by its own interval, never twice at once, and watches over the watchers: stalls of
/// the event loop and whether the daemon's own address answers. Every second it flushes heartbeats
/// and moves manual operations on. Tends the lease; when that was lost, everything that runs is
/// ended before a new one is begun.
class JobRunner {
public:
    /// All outlive the runner. `url` is the daemon's own address: checked each watchdog tick and
    /// told to new machines.
    struct Parts {
        Clock& clock;
        const Settings& settings;
        ControlPlane& plane;
        Provider& provider;
        HttpClient& http;
        QUrl url;
        CallRunner* probeCalls = nullptr;                       ///< see JobContext
        Duration lease = std::chrono::seconds(15);              ///< at a store that several share
        std::function<Duration()> asleep = SystemClock::asleep; ///< see WatcherCheck
        StoreKeeper::Kept kept{};                               ///< in the store
    };
    explicit JobRunner(Parts parts);
    JobRunner(Parts parts, const std::vector<JobDescriptor>& jobs);
    /// Stops.
    ~JobRunner();
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    /// Each job runs at once, then by its interval.
    void start();
    /// Ends tickers and cycles at their next safe point, flushes heartbeats, waits for all.
    void stop();
    enum class Run { Accepted, NoSuchJob, LedElsewhere, SwitchedOff };
    /// Runs a job now, or once more after the running cycle.
    Run runNow(const QString& name);

    /// Moves manual operations on now, not only at the next second.
    void moveOperations();

    /// Looks at the store's queue now, not only at the next second.
    void deliverCommands();
    const CommandDesk::Figures& commands() const;

    /// How large the store is, and what was removed for its age.
    const StoreKeeper::Figures& store() const;

    std::vector<JobStats> stats() const;
    /// Durations of a job's cycles in the last `window`; nothing for a name that does not exist.
    std::optional<Histogram> durations(const QString& name, Duration window) const;
    const ProbeBoard& probes() const;
    /// What these jobs found; null where another orchestrator leads, which runs them.
    const VolumeBoard* volumes() const;
    const MachineBoard* machines() const;
    const CleanUpBoard* cleanUps() const;
    const WatcherState& watcher() const;
    Reinstaller& reinstaller();
    /// What the API's manual actions go through; moved on every second.
    OperationDesk& operations();
    const OperationDesk& operations() const;
    /// What the API shows and changes of automation.
    Automation& automation();
    /// What GET and PUT /policy show and change.
    PolicyDesk& policy();
    const PolicyDesk& policy() const;
    const Automation& automation() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
