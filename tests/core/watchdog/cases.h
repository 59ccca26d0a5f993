#pragma once

#include "core/watchdog/assess.h"

/// Evidence as the tests of the judgement begin with, and the judgement with its sentences.
namespace vigie::cases {

using namespace std::chrono_literals;

inline const MonotonicTime now{100h};
inline const WallTime wall{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
inline const WatchdogPolicy policy; // 300 s

inline WatcherEvidence healthyWatcher() {
    WatcherEvidence watcher;
    watcher.startedAt = now - 10h;
    watcher.storeRefreshed = now - 1s;
    watcher.ownAddressAnswers = true;
    watcher.othersHeard = now - 2s;
    return watcher;
}

inline InstanceEvidence beating(Duration age, InstanceStatus status = InstanceStatus::Ready) {
    InstanceEvidence instance;
    instance.status = status;
    instance.lastBeat = now - age;
    instance.phi = 0.1;
    instance.probe = ProbeFinding::Ok;
    instance.provider = ProviderFinding::Exists;
    return instance;
}

inline InstanceEvidence silent(ProbeFinding probe,
                               ProviderFinding provider = ProviderFinding::Exists,
                               Duration age = 400s) {
    InstanceEvidence instance = beating(age);
    instance.phi = 300;
    instance.probe = probe;
    instance.probeFailures = probe == ProbeFinding::Failing ? 1 : 0;
    instance.provider = provider;
    return instance;
}

struct Judged {
    Assessment assessment;
    std::optional<InstanceStatus> writes;
};

inline Judged judge(const InstanceEvidence& instance, const WatcherEvidence& watcher) {
    const Judgement judgement = assess(instance, watcher, policy, now);
    return {explain(judgement, instance, watcher, policy, now, wall), judgement.writes};
}

} // namespace vigie::cases
