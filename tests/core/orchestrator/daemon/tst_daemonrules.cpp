// What the daemon alerts for of its own.

#include "core/orchestrator/alerting/daemonrules.h"

#include <QTest>

using namespace vigie;

namespace {

std::vector<WantedAlert> wantedBy(const char* name, const DaemonFacts& facts) {
    const std::function<const DaemonFacts&()> given = [&facts]() -> const DaemonFacts& {
        return facts;
    };
    for (const AlertRule& rule : daemonRules(given)) {
        if (rule.name == QLatin1String(name))
            return rule.evaluate(AlertFacts());
    }
    qFatal("there is no rule %s", name);
}

VolumeFinding volume(const char* id, bool usedUp) {
    VolumeFinding finding;
    finding.listed = MachineVolume();
    finding.listed->id = QLatin1String(id);
    finding.instance = InstanceId(QStringLiteral("i-1"));
    finding.attempts = 5;
    finding.retriesUsedUp = usedUp;
    finding.lastError = QStringLiteral("it is locked");
    return finding;
}

} // namespace

class TestDaemonRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aVolumeThatStaysIsTold() {
        DaemonFacts facts;
        QVERIFY(wantedBy("VolumeNotDeleted", facts).empty());
        facts.stuckVolumes = {volume("v-1", true)};
        const auto wanted = wantedBy("VolumeNotDeleted", facts);
        QCOMPARE(wanted.size(), std::size_t(1));
        QCOMPARE(wanted[0].labels.value(QStringLiteral("volume")), QStringLiteral("v-1"));
        QCOMPARE(wanted[0].labels.value(QStringLiteral("instance")), QStringLiteral("i-1"));
    }

    void machinesThatStayAreTold() {
        DaemonFacts facts;
        QVERIFY(wantedBy("MachineNotDeleted", facts).empty());
        facts.stuckMachines = 2;
        const auto wanted = wantedBy("MachineNotDeleted", facts);
        QCOMPARE(wanted.size(), std::size_t(1));
        QVERIFY(wanted[0].summary.endsWith(QLatin1String("2.")));
    }

    /// Another orchestrator leads since: whether its jobs run is its to tell.
    void aJobThatAnotherRunsIsNotTold() {
        DaemonFacts facts;
        facts.now = WallTime(std::chrono::hours(1000));
        JobStats& job = facts.jobs.emplace_back();
        job.name = QStringLiteral("health-check");
        job.interval = std::chrono::seconds(10);
        job.lastRunAt = facts.now - std::chrono::hours(1);
        QCOMPARE(wantedBy("JobOverdue", facts).size(), std::size_t(1));
        job.elsewhere = true;
        QVERIFY(wantedBy("JobOverdue", facts).empty());
    }

    void anEngineThatFailsIsTold() {
        DaemonFacts facts;
        facts.failingTasks = {{QStringLiteral("gpu"), QString(), 0.5, 40}};
        const auto wanted = wantedBy("TasksFailing", facts);
        QCOMPARE(wanted.size(), std::size_t(1));
        QCOMPARE(wanted[0].labels.value(QStringLiteral("engine")), QStringLiteral("gpu"));
        QVERIFY(!wanted[0].labels.contains(QStringLiteral("model")));
    }
};

QTEST_GUILESS_MAIN(TestDaemonRules)
#include "tst_daemonrules.moc"
