#pragma once

#include "core/orchestrator/jobs/workerwatchdog/workerwatchdog.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <algorithm>

namespace vigie {

constexpr Duration tickLength = std::chrono::seconds(10);

inline WatchdogSettings settingsFor(const QString& mode) {
    WatchdogSettings settings;
    settings.mode = mode;
    return settings;
}

inline WatchdogSettings reinstallOnly() {
    WatchdogSettings settings = settingsFor(QStringLiteral("act"));
    settings.guards.ladder = {RemedyStep::Reinstall};
    return settings;
}

/// A fleet of `a` and nine others that beat, watched for longer than the grace and the cool-down
/// that follows it.
struct WatchdogFixture : ControlFixture {
    WatchdogSettings settings_;
    std::unique_ptr<jobs::workerwatchdog::WorkerWatchdogJob> job;
    InstanceId a;
    std::vector<InstanceId> others;

    explicit WatchdogFixture(const QString& mode = QStringLiteral("act"), int otherCount = 9,
                             const QString& providerCode = QStringLiteral("fake"))
        : WatchdogFixture(settingsFor(mode), otherCount, providerCode) {}
    explicit WatchdogFixture(const WatchdogSettings& given, int otherCount = 9,
                             const QString& providerCode = QStringLiteral("fake"))
        : ControlFixture(given, providerCode), settings_(given) {
        job = std::make_unique<jobs::workerwatchdog::WorkerWatchdogJob>(
            context, jobs::workerwatchdog::EvidenceOptions{}, settings_);
        a = add(QStringLiteral("a"), InstanceStatus::Ready);
        for (int i = 0; i < otherCount; ++i)
            others.push_back(add(QStringLiteral("o%1").arg(i), InstanceStatus::Ready));
        beat(a);
        for (Duration passed{}; passed < std::chrono::seconds(620); passed += tickLength)
            tick(true);
    }

    /// One tick: the others beat, `a` too when told; the store is there.
    JobReport tick(bool aBeats = false) {
        clock.advance(tickLength);
        for (const InstanceId& other : others)
            beat(other);
        if (aBeats)
            beat(a);
        finishedTask(plane.flushBeats());
        return finishedTask(job->run({}));
    }
    JobReport silence(Duration length) {
        JobReport last;
        for (Duration passed{}; passed < length; passed += tickLength) {
            refreshProbe();
            last = tick();
        }
        return last;
    }
    /// What the health check would find at each tick.
    std::optional<bool> probe; ///< nothing: not possible
    bool probing = true;
    int failures = 0; ///< probes that failed in a row
    void refreshProbe() {
        ProbeResult result;
        result.possible = probe.has_value();
        result.ok = probe.value_or(false);
        failures = result.possible && !result.ok ? failures + 1 : 0;
        result.failuresInRow = failures;
        result.says = QStringLiteral("told by the test");
        result.at = clock.now() + tickLength;
        if (probing)
            probes.results.insert(a, result);
    }
    Assessment said(const InstanceId& id) const {
        return plane.live(id)->assessment().value_or(Assessment{});
    }
    QString rule() const { return said(a).rule; }
    int restarts() const {
        return static_cast<int>(std::ranges::count(provider.commands, MachineCommandKind::Reboot,
                                                   &MachineCommand::kind));
    }
};

} // namespace vigie
