#include "core/orchestrator/jobs/jobrunner.h"
#include "core/orchestrator/policydesk.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct PolicyFixture : ControlFixture {
    Settings configured = *Settings::read(jobSettings(), {});
    std::vector<WatchdogSettings> applied;
    std::unique_ptr<PolicyDesk> desk = made();

    std::unique_ptr<PolicyDesk> made() {
        return std::make_unique<PolicyDesk>(
            plane, configured, [this](const WatchdogSettings& s) { applied.push_back(s); });
    }
    Outcome<void> change(const QByteArray& changes) {
        Asker ada;
        ada.actor = QStringLiteral("ada");
        ada.reason = QStringLiteral("why");
        return finishedTask(desk->change(changes, ada));
    }
};

ActionLog row(const char16_t* type, const char* id, Duration at, const char* actor = "automation") {
    ActionLog made;
    made.actionType = QString::fromUtf16(type);
    made.instanceId = InstanceId(QString::fromLatin1(id));
    made.userId = QString::fromLatin1(actor);
    made.createdAt = WallTime(std::chrono::duration_cast<std::chrono::milliseconds>(at));
    return made;
}

ActionLog ready(const char* id, Duration at) {
    ActionLog made = row(actiontype::workerRecovered, id, at);
    made.instanceStatusBefore = QStringLiteral("worker_dead");
    made.instanceStatusAfter = QStringLiteral("ready");
    return made;
}

} // namespace

class TestPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aChangeIsAppliedAndSurvives() {
        PolicyFixture f;
        const QByteArray before = f.desk->version();
        QVERIFY(f.change("{\"guards\":{\"pace_seconds\":60,\"ladder\":[\"reinstall\"]},"
                         "\"watchdog\":{\"heartbeat_timeout_seconds\":120}}"));
        QCOMPARE(f.applied.size(), 1U);
        QVERIFY(f.applied[0].guards.pace == 60s);
        QCOMPARE(f.applied[0].guards.ladder.size(), 1U);
        QVERIFY(f.applied[0].policy.heartbeatThreshold == 120s);
        QCOMPARE(f.applied[0].guards.maxTries, 3); // what is not named is as configured
        QVERIFY(f.desk->version() != before);
        QVERIFY(f.desk->json().contains("\"changed_by\":\"ada\""));
        f.desk = f.made();
        finishedTask(f.desk->refresh());
        QCOMPARE(f.applied.size(), 2U);
        QVERIFY(f.applied[1].guards.pace == 60s);
        finishedTask(f.desk->refresh());
        QCOMPARE(f.applied.size(), 2U);
    }

    void aLaterChangeTakesThePlaceOfTheEarlier() {
        PolicyFixture f;
        QVERIFY(f.change("{\"guards\":{\"pace_seconds\":60}}"));
        QVERIFY(f.change("{\"guards\":{\"max_tries\":5}}"));
        QVERIFY(f.applied[1].guards.pace == 30s);
        QCOMPARE(f.applied[1].guards.maxTries, 5);
        QCOMPARE(finishedTask(f.store.openActions())->size(), 1U);
        QVERIFY(f.change("{}"));
        QCOMPARE(f.applied[2].guards.maxTries, 3);
    }

    void badOnesLeaveTheOldInForce_data() {
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QString>("names");
        QTest::newRow("no object") << QByteArray("[]") << "JSON object";
        QTest::newRow("no json") << QByteArray("{") << "JSON object";
        QTest::newRow("section") << QByteArray("{\"guards\":1}") << "guards";
        QTest::newRow("unknown section") << QByteArray("{\"x\":{\"y\":1}}") << "x.y";
        QTest::newRow("unknown key") << QByteArray("{\"guards\":{\"pase\":1}}") << "guards.pase";
        QTest::newRow("type") << QByteArray("{\"guards\":{\"pace_seconds\":\"soon\"}}")
                              << "guards.pace_seconds";
        QTest::newRow("range") << QByteArray("{\"guards\":{\"max_tries\":0}}")
                               << "guards.max_tries";
        QTest::newRow("fraction") << QByteArray("{\"guards\":{\"max_tries\":1.5}}")
                                  << "guards.max_tries";
        QTest::newRow("word") << QByteArray("{\"guards\":{\"ladder\":[\"explode\"]}}")
                              << "guards.ladder";
    }
    void badOnesLeaveTheOldInForce() {
        QFETCH(QByteArray, changes);
        QFETCH(QString, names);
        PolicyFixture f;
        const QByteArray before = f.desk->version();
        const auto refused = f.change(changes);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(names), qPrintable(refused.error().message));
        QCOMPARE(f.desk->version(), before);
        QVERIFY(f.applied.empty());
        QVERIFY(f.store.logs.empty());
    }

    void theConfigurationMayChangeUnderIt() {
        PolicyFixture f;
        QVERIFY(f.change("{\"guards\":{\"pace_seconds\":60}}"));
        SettingsInput input;
        input.environment.insert(QStringLiteral("VIGIE_GUARDS_MAX_TRIES"), QStringLiteral("7"));
        QVERIFY(f.desk->configure(*Settings::read(jobSettings(), input)));
        QCOMPARE(f.applied.back().guards.maxTries, 7);
        QVERIFY(f.applied.back().guards.pace == 60s);
    }

    void thePastUnderAnotherPolicy() {
        std::vector<ActionLog> rows{
            row(actiontype::workerDeadDetected, "a", 1000s),
            row(actiontype::executeRestartWorker, "a", 1010s),
            row(actiontype::workerDeadDetected, "b", 1020s),
            row(actiontype::executeRestartWorker, "b", 1040s), // 30 s after the other
            ready("a", 1100s),
            ready("b", 1110s),
            row(actiontype::workerDeadDetected, "c", 2000s),
            ready("c", 2100s), // by itself, 400 s after its last beat
            row(actiontype::executeReinstall, "c", 3000s, "ada"),
        };
        const auto pool = [](const InstanceId&) { return QStringLiteral("p"); };
        WatchdogSettings old;
        const PolicyEffect same = effectOnPast(rows, old, old, pool);
        QCOMPARE(same.remedies, 2);
        QCOMPARE(same.deaths, 3);
        QVERIFY(same.heldBack.empty());
        QCOMPARE(same.deathsNotSeen, 0);
        WatchdogSettings wanted;
        wanted.guards.pace = 60s;
        wanted.policy.heartbeatThreshold = 500s;
        const PolicyEffect effect = effectOnPast(rows, old, wanted, pool);
        QCOMPARE(effect.heldBack.size(), 1U);
        QCOMPARE(effect.heldBack[0].instance.value(), QStringLiteral("b"));
        QCOMPARE(effect.heldBack[0].guard, QStringLiteral("pace"));
        QCOMPARE(effect.deathsNotSeen, 1);
        QVERIFY(effect.sooner == -200s);
        wanted = {};
        wanted.guards.inFlight = 1;
        QCOMPARE(effectOnPast(rows, old, wanted, pool).heldBack[0].guard,
                 QStringLiteral("in flight"));
    }
};

QTEST_GUILESS_MAIN(TestPolicy)
#include "tst_policy.moc"
