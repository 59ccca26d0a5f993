#include "tests/core/runtime/fakesource.h"

#include <QTest>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

const QString paris = QStringLiteral("paris");
const QString lyon = QStringLiteral("lyon");

QString freshness(const Rig& rig, const QString& source) {
    return toString(rig.source(source).freshness);
}

Instance judged(const QString& id, Verdict verdict) {
    Instance instance = machine(id);
    instance.assessment = Assessment{};
    instance.assessment->verdict = verdict;
    instance.assessment->rule = QStringLiteral("told");
    return instance;
}

} // namespace

class TestEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsWithNothingAndSaysSo() {
        Rig rig;
        rig.clock.advance(10ms);
        QCOMPARE(rig.snapshots.size(), 1u);
        QVERIFY(rig.now().sources.empty());
        QVERIFY(rig.now().instances.empty());
        QVERIFY(!rig.now().blind());
    }

    void showsAFleetSortedByKey() {
        Rig rig;
        rig.world(QStringLiteral("a"))->instances = {machine(QStringLiteral("2")),
                                                     machine(QStringLiteral("1"))};
        rig.world(QStringLiteral("a-b"))->instances = {machine(QStringLiteral("0"))};
        rig.add(QStringLiteral("a"));
        rig.add(QStringLiteral("a-b"));
        rig.clock.advance(1s);
        QCOMPARE(rig.now().instances.size(), 3u);
        QVERIFY(std::ranges::is_sorted(rig.now().instances, {},
                                       [](const auto& view) { return view->key(); }));
        QVERIFY(rig.now().find(SourceId(QStringLiteral("a-b")), InstanceId(QStringLiteral("0"))));
        QCOMPARE(freshness(rig, QStringLiteral("a")), QStringLiteral("live"));
    }

    void publishesAtMostFourAndAtLeastOneASecond() {
        Rig rig;
        rig.add(paris, 50ms);
        rig.clock.advance(1s);
        rig.snapshots.clear();
        rig.clock.advance(10s);
        QVERIFY(rig.snapshots.size() <= 40u);
        QVERIFY(rig.snapshots.size() >= 30u);
        for (size_t i = 1; i < rig.snapshots.size(); ++i)
            QCOMPARE(rig.snapshots[i]->sequence, rig.snapshots[i - 1]->sequence + 1);
        rig.engine->submit(command::RemoveSource{SourceId(paris)});
        rig.clock.advance(1s);
        rig.snapshots.clear();
        rig.clock.advance(10s);
        QVERIFY(rig.snapshots.size() >= 8u && rig.snapshots.size() <= 11u);
    }

    void pollsEveryIntervalAndNeverTwoAtOnce() {
        Rig rig;
        rig.add(paris);
        rig.clock.advance(60s);
        const auto world = rig.world(paris);
        QVERIFY2(world->polls >= 28 && world->polls <= 33,
                 qPrintable(QString::number(world->polls)));
        world->silent = true;
        rig.clock.advance(30s);
        const int during = world->polls;
        rig.engine->submit(command::PollNow{});
        rig.engine->submit(command::PollNow{});
        QCOMPARE(world->polls, during);
        world->release();
        rig.clock.advance(1ms);
        QCOMPARE(world->polls, during + 1); // what was asked for meanwhile, once
        QCOMPARE(world->mostPolling, 1);
    }

    void freshnessWhilePollsFail() {
        Rig rig;
        rig.world(paris)->instances = {judged(QStringLiteral("1"), Verdict::Alive)};
        rig.add(paris);
        rig.clock.advance(10s);
        QCOMPARE(freshness(rig, paris), QStringLiteral("live"));
        rig.world(paris)->failure = broken();
        QStringList seen;
        for (int i = 0; i < 60; ++i) {
            rig.clock.advance(250ms);
            if (seen.isEmpty() || seen.last() != freshness(rig, paris))
                seen << freshness(rig, paris);
            if (freshness(rig, paris) == QLatin1String("unreachable"))
                QVERIFY(rig.view(paris, QStringLiteral("1")).assessment.verdict != Verdict::Alive);
        }
        QCOMPARE(seen, (QStringList{QStringLiteral("live"), QStringLiteral("late"),
                                    QStringLiteral("unreachable")}));
        QVERIFY(rig.now().blind());
        QCOMPARE(rig.source(paris).lastFailure->message, QStringLiteral("refused"));
        QVERIFY(rig.source(paris).consecutiveFailures > 3);
        QVERIFY(rig.noted(QStringLiteral("source late -> unreachable")));
        QVERIFY(std::ranges::any_of(rig.now().alerts, [](const Alert& alert) {
            return alert.labels.value(QStringLiteral("alertname")) ==
                       QLatin1String("SourceUnreachable") &&
                   alert.state == AlertState::Firing;
        }));
        rig.world(paris)->failure.reset();
        rig.clock.advance(3s);
        QCOMPARE(freshness(rig, paris), QStringLiteral("live"));
        QVERIFY(rig.view(paris, QStringLiteral("1")).assessment.verdict == Verdict::Alive);
        QVERIFY(!rig.source(paris).lastFailure);
    }

    void freshnessWhenNoPollReturns() {
        Rig rig;
        rig.world(paris)->instances = {judged(QStringLiteral("1"), Verdict::Alive),
                                       judged(QStringLiteral("2"), Verdict::Dead)};
        rig.add(paris);
        rig.clock.advance(10s);
        rig.world(paris)->silent = true;
        rig.clock.advance(20s);
        QCOMPARE(freshness(rig, paris), QStringLiteral("stale"));
        const auto& view = rig.view(paris, QStringLiteral("1"));
        QVERIFY(view.freshness == Freshness::Stale);
        QVERIFY(view.assessment.verdict == Verdict::Unknown);
        QVERIFY(rig.view(paris, QStringLiteral("2")).assessment.verdict == Verdict::Dead);
        rig.world(paris)->release();
        rig.clock.advance(1s);
        QCOMPARE(freshness(rig, paris), QStringLiteral("live"));
        QVERIFY(!rig.noted(QStringLiteral("verdict"))); // blindness is no change of the fleet
    }

    void waitingThenUnreachable() {
        Rig rig;
        rig.world(paris)->failure = broken();
        rig.add(paris);
        rig.clock.advance(1s);
        QCOMPARE(freshness(rig, paris), QStringLiteral("waiting"));
        QVERIFY(rig.now().blind());
        rig.clock.advance(10s);
        QCOMPARE(freshness(rig, paris), QStringLiteral("unreachable"));
    }

    void oneSourceDownLeavesTheOthersAlone() {
        Rig rig;
        rig.world(paris)->failure = broken();
        rig.world(lyon)->instances = {machine(QStringLiteral("1"))};
        rig.add(paris);
        rig.add(lyon);
        rig.clock.advance(30s);
        QCOMPARE(freshness(rig, lyon), QStringLiteral("live"));
        QVERIFY(rig.now().blind());
    }

    void unchangedViewsAreShared() {
        Rig rig;
        rig.world(paris)->judges = true;
        rig.world(paris)->instances = {judged(QStringLiteral("1"), Verdict::Alive),
                                       judged(QStringLiteral("2"), Verdict::Alive)};
        for (Instance& instance : rig.world(paris)->instances)
            instance.stateSince = rig.clock.wallNow() - 26h;
        rig.add(paris);
        rig.clock.advance(5s);
        const auto before = rig.snapshots.back();
        rig.world(paris)->instances[1].errorMessage = QStringLiteral("new");
        rig.clock.advance(5s);
        QVERIFY(rig.snapshots.back() != before);
        QCOMPARE(rig.now().instances[0].get(), before->instances[0].get());
        QVERIFY(rig.now().instances[1] != before->instances[1]);
    }

    void timeInStateAndLimits() {
        EngineOptions options;
        options.startingLimit = 60s;
        Rig rig(options);
        rig.world(paris)->clockAhead = 1h;
        Instance told = machine(QStringLiteral("1"), InstanceStatus::Starting);
        told.stateSince = rig.clock.wallNow() + 1h - 50s; // by its clock, 50 s ago
        rig.world(paris)->instances = {told, machine(QStringLiteral("2"))};
        rig.add(paris);
        rig.clock.advance(1s);
        QVERIFY(rig.view(paris, QStringLiteral("1")).timeInState == 50s);
        QVERIFY(rig.view(paris, QStringLiteral("1")).stateLimit == 60s);
        QVERIFY(!rig.view(paris, QStringLiteral("2")).stateLimit);
        rig.clock.advance(20s);
        QVERIFY(rig.view(paris, QStringLiteral("2")).timeInState >= 18s);
        QVERIFY(std::ranges::any_of(rig.now().alerts, [](const Alert& alert) {
            return alert.labels.value(QStringLiteral("alertname")) ==
                   QLatin1String("InstanceStuck");
        }));
    }

    void changesAreNoted() {
        Rig rig;
        rig.world(paris)->instances = {judged(QStringLiteral("1"), Verdict::Alive)};
        rig.add(paris);
        rig.clock.advance(5s);
        QVERIFY(!rig.noted(QStringLiteral("appeared")));
        auto& instance = rig.world(paris)->instances[0];
        instance.status = InstanceStatus::WorkerDead;
        instance.statusText = QStringLiteral("worker_dead");
        instance.assessment->verdict = Verdict::Dead;
        rig.world(paris)->instances.push_back(machine(QStringLiteral("2")));
        rig.clock.advance(3s);
        QVERIFY(rig.noted(QStringLiteral("ready -> worker_dead")));
        QVERIFY(rig.noted(QStringLiteral("verdict alive -> dead (told)")));
        QVERIFY(rig.noted(QStringLiteral("appeared as ready")));
        rig.world(paris)->instances.pop_back();
        rig.clock.advance(3s);
        QVERIFY(rig.noted(QStringLiteral("no longer listed")));
        QVERIFY(rig.now().changes.front().at >= rig.now().changes.back().at);
    }

    void changesAreBounded() {
        Rig rig;
        rig.add(paris);
        rig.clock.advance(5s);
        for (int i = 0; i < 500; ++i)
            rig.world(paris)->instances.push_back(machine(QString::number(i)));
        rig.clock.advance(5s);
        QCOMPARE(rig.now().changes.size(), 200u);
    }

    void logsOfAllSourcesNewestFirst() {
        Rig rig;
        ActionLog entry;
        entry.id = ActionLogId(QStringLiteral("1"));
        entry.createdAt = rig.clock.wallNow();
        rig.world(paris)->log = {entry};
        entry.createdAt += 5s;
        rig.world(lyon)->log = {entry}; // the same id elsewhere is another entry
        rig.add(paris);
        rig.add(lyon);
        rig.clock.advance(5s);
        QCOMPARE(rig.now().log.size(), 2u);
        QCOMPARE(rig.now().log[0]->source.value(), lyon);
        rig.world(paris)->log[0].status = ActionLogStatus::Success;
        rig.clock.advance(3s);
        QCOMPARE(rig.now().log.size(), 2u);
        QVERIFY(rig.now().log[1]->entry.status == ActionLogStatus::Success);
        rig.engine->submit(command::RemoveSource{SourceId(paris)});
        rig.clock.advance(1s);
        QCOMPARE(rig.now().log.size(), 1u);
    }

    void sourcesComeAndGo() {
        Rig rig;
        rig.world(paris)->instances = {machine(QStringLiteral("1"))};
        rig.add(paris);
        rig.clock.advance(5s);
        rig.world(paris)->silent = true;
        rig.clock.advance(3s); // a poll is under way now
        rig.engine->submit(command::RemoveSource{SourceId(paris)});
        rig.clock.advance(1s);
        QVERIFY(rig.now().sources.empty());
        QVERIFY(rig.now().instances.empty());
        QCOMPARE(rig.world(paris)->polling, 0); // it was told to end
        rig.world(paris)->silent = false;
        rig.add(paris);
        rig.add(paris); // replaces
        rig.clock.advance(5s);
        QCOMPARE(rig.now().sources.size(), 1u);
        QCOMPARE(rig.now().instances.size(), 1u);
        rig.engine->submit(command::RemoveSource{SourceId(QStringLiteral("unknown"))});
    }

    void aSourceTestShowsItsLines() {
        Rig rig;
        rig.engine->submit(command::TestSource{SourceConfig{}});
        rig.clock.advance(1s);
        QCOMPARE(rig.now().sourceTest.value(), QStringLiteral("ok Resolve\nFAILED Connect"));
        QVERIFY(rig.now().sources.empty());
    }

    void aCloseLookIsRenewedWhenSomethingChanges() {
        Rig rig;
        const auto world = rig.world(paris);
        world->instances = {machine(QStringLiteral("1")), machine(QStringLiteral("2"))};
        rig.add(paris);
        rig.clock.advance(5s);
        rig.engine->submit(command::Inspect{SourceId(paris), InstanceId(QStringLiteral("1"))});
        rig.clock.advance(10s);
        QCOMPARE(world->inspections, 1);
        QVERIFY(!rig.now().inspection->loading);
        QCOMPARE(rig.now().inspection->instance.value(), QStringLiteral("1"));
        world->instances[1].status = InstanceStatus::Terminating;
        world->instances[1].statusText = QStringLiteral("terminating");
        rig.clock.advance(5s);
        QCOMPARE(world->inspections, 1);
        world->instances[0].status = InstanceStatus::Terminating;
        world->instances[0].statusText = QStringLiteral("terminating");
        rig.clock.advance(5s);
        QCOMPARE(world->inspections, 2);
        world->failure = broken();
        world->instances[0].status = InstanceStatus::Terminated;
        rig.engine->submit(
            command::Inspect{SourceId(QStringLiteral("nowhere")), InstanceId(QStringLiteral("1"))});
        rig.clock.advance(1s);
        QVERIFY(rig.now().inspection->failure);
        rig.engine->submit(command::StopInspecting{});
        rig.clock.advance(1s);
        QVERIFY(!rig.now().inspection);
    }

    void ownLatencyIsTold() {
        Rig rig;
        rig.add(paris);
        rig.clock.advance(10s);
        QCOMPARE(rig.now().latencies.size(), 1u);
        QCOMPARE(rig.now().latencies[0].name, QStringLiteral("poll"));
        QVERIFY(rig.now().latencies[0].own);
        QCOMPARE(rig.source(paris).pollLatency.count(), rig.now().latencies[0].own->count());
    }

    void theEndEndsWhatIsUnderWay() {
        auto rig = std::make_unique<Rig>();
        const auto world = rig->world(paris);
        world->silent = true;
        rig->add(paris);
        rig->clock.advance(1s);
        QCOMPARE(world->polling, 1);
        rig.reset();
        QCOMPARE(world->polling, 0);
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
