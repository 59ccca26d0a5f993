#include "core/watchdog/assess.h"

#include <QTest>

#include <algorithm>
#include <rapidcheck.h>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const MonotonicTime now{1000h};
const WatchdogPolicy policy;

MonotonicTime someTime() {
    return now - std::chrono::seconds(*rc::gen::inRange(0, 2000));
}

std::optional<MonotonicTime> maybeTime() {
    return *rc::gen::arbitrary<bool>() ? std::optional(someTime()) : std::nullopt;
}

InstanceEvidence someInstance() {
    InstanceEvidence instance;
    instance.status =
        allInstanceStatuses[*rc::gen::inRange<std::size_t>(0, allInstanceStatuses.size())];
    instance.lastBeat = maybeTime();
    if (*rc::gen::arbitrary<bool>())
        instance.phi = *rc::gen::inRange(0, 400);
    instance.probe = static_cast<ProbeFinding>(*rc::gen::inRange(0, 4));
    instance.probeFailures = *rc::gen::inRange(0, 10);
    instance.provider = static_cast<ProviderFinding>(*rc::gen::inRange(0, 4));
    return instance;
}

WatcherEvidence someWatcher() {
    WatcherEvidence watcher;
    if (*rc::gen::arbitrary<bool>()) { // a healthy one, else hardly any verdict is ever dead
        watcher.startedAt = now - 100h;
        watcher.storeRefreshed = watcher.othersHeard = now - 1s;
        watcher.ownAddressAnswers = true;
        return watcher;
    }
    watcher.startedAt = someTime();
    watcher.lastStall = maybeTime();
    watcher.storeRefreshed = maybeTime();
    watcher.ownAddressAnswers = *rc::gen::arbitrary<bool>();
    watcher.othersHeard = maybeTime();
    watcher.storm = *rc::gen::inRange(0, 5) == 0;
    watcher.alone = *rc::gen::arbitrary<bool>();
    return watcher;
}

template <typename Property>
bool holds(Property property) {
    return rc::check([&] {
        const InstanceEvidence instance = someInstance();
        const WatcherEvidence watcher = someWatcher();
        property(instance, watcher, assess(instance, watcher, policy, now));
    });
}

} // namespace

class TestAssessProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anUnhealthyWatcherNeverYieldsDead() {
        QVERIFY(holds([](const auto&, const auto& watcher, const Judgement& judgement) {
            RC_PRE(whyUnhealthy(watcher, policy, now).has_value());
            RC_ASSERT(judgement.verdict != Verdict::Dead);
        }));
    }
    void aStormNeverYieldsDead() {
        QVERIFY(holds([](const auto&, const auto& watcher, const Judgement& judgement) {
            RC_PRE(watcher.storm);
            RC_ASSERT(judgement.verdict != Verdict::Dead);
        }));
    }
    void deadIsAlwaysSilent() {
        QVERIFY(holds([](const auto& instance, const auto& watcher, const Judgement& judgement) {
            const bool dead = judgement.verdict == Verdict::Dead;
            RC_CLASSIFY(dead);
            RC_ASSERT(!dead || now - silenceSince(instance, watcher) > policy.heartbeatThreshold);
        }));
    }
    void phiChangesNoStatus() {
        QVERIFY(rc::check([] {
            InstanceEvidence instance = someInstance();
            const WatcherEvidence watcher = someWatcher();
            instance.phi = 0;
            const Judgement calm = assess(instance, watcher, policy, now);
            instance.phi = 1000;
            const Judgement late = assess(instance, watcher, policy, now);
            if (late.writes)
                RC_ASSERT(late.writes == calm.writes);
        }));
    }
    void absentIsAlwaysGoneAndNothingElseIs() {
        QVERIFY(holds([](const auto& instance, const auto&, const Judgement& judgement) {
            RC_ASSERT((judgement.verdict == Verdict::Gone) ==
                      (instance.provider == ProviderFinding::Absent));
        }));
    }
    void itAlwaysNamesARuleOfTheTable() {
        QVERIFY(holds([](const auto&, const auto&, const Judgement& judgement) {
            const auto table = evidenceTable();
            RC_ASSERT(std::ranges::any_of(table, [&](const EvidenceRow& row) {
                return row.rule == judgement.rule() && row.verdict == judgement.verdict &&
                       row.writes == judgement.writes;
            }));
        }));
    }
};

QTEST_GUILESS_MAIN(TestAssessProperties)
#include "tst_assessproperties.moc"
