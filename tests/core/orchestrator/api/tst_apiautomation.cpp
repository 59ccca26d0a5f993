#include "core/orchestrator/api/fleetcodec.h"
#include "tests/core/orchestrator/api/apifixture.h"
#include "tests/support/memorystore.h"

#include <QTest>

using namespace vigie;

namespace {

const QString path = QStringLiteral("/automation");
const QString admin = QStringLiteral("admin");

} // namespace

class TestApiAutomation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsModeGuardsAndReasons() {
        ApiFixture f;
        QVERIFY(await(f.jobs.automation().refresh())->has_value());
        f.jobs.automation().plan({}); // a tick of the watchdog
        const Answer answer = f.get(path);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.text("mode"), QStringLiteral("observe")); // not mock, not process
        const QJsonObject body = answer.object();
        QVERIFY(body.value(QStringLiteral("paused_by")).toArray().isEmpty());
        QVERIFY(body.value(QStringLiteral("storm")).toArray().isEmpty());
        QCOMPARE(body.value(QStringLiteral("guards")).toArray().size(),
                 static_cast<qsizetype>(guardSentences().size()));
    }

    void aGuardNamesWhatItBlocks() {
        // The guards of remedies are explained in the order in which they are asked.
        const auto all = guardSentences();
        for (std::size_t i = 0; i < guardNames().size(); ++i)
            QCOMPARE(all[i].name.toString(), guardNames()[i].toString());
        ApiFixture f;
        VolumeBoard volumes;
        VolumeFinding volume;
        volume.row.emplace();
        volume.row->providerVolumeId = QStringLiteral("v-1");
        volume.blockedBy = QStringLiteral("storm brake: 3 are silent: all of a pool");
        volumes.findings = {volume};
        MachineBoard machines;
        OrphanMachine machine;
        machine.machine = MachineId(QStringLiteral("m-1"));
        machine.blockedBy = QStringLiteral("delete-limit: 0 of 1 machines may go in one cycle");
        machines.orphans = {machine, OrphanMachine()};
        CleanUpBoard cleanUps;
        cleanUps.held = {
            {InstanceId(QStringLiteral("i-1")), QStringLiteral("preserve: kept for debugging")}};
        const auto holds = guardHolds(f.plane, volumes, machines, cleanUps);
        QCOMPARE(holds.size(), 3U);
        QCOMPARE(holds[0].guard, QStringLiteral("storm brake"));
        QCOMPARE(holds[0].id, QStringLiteral("v-1"));
        QCOMPARE(holds[0].says, QStringLiteral("3 are silent: all of a pool"));
        QCOMPARE(holds[1].guard, QStringLiteral("delete-limit"));
        QCOMPARE(holds[1].job, QStringLiteral("watch-dog"));
        QCOMPARE(holds[2].guard, QStringLiteral("preserve"));
        QCOMPARE(holds[2].job, QStringLiteral("recovery"));
        QCOMPARE(holds[2].id, QStringLiteral("i-1"));
        AutomationView view;
        view.tick.emplace();
        const QByteArray json = encodeAutomation(view, {}, &holds);
        const QJsonArray guards =
            QJsonDocument::fromJson(json).object().value(QLatin1String("guards")).toArray();
        QCOMPARE(guards.size(), static_cast<qsizetype>(all.size()));
        for (const QJsonValue& each : guards) {
            const QJsonObject guard = each.toObject();
            const QString name = guard.value(QLatin1String("name")).toString();
            const bool blocks =
                name == u"delete-limit" || name == u"storm brake" || name == u"preserve";
            QVERIFY(!guard.value(QLatin1String("says")).toString().isEmpty());
            QCOMPARE(guard.value(QLatin1String("blocks")).toArray().size(), blocks ? 1 : 0);
        }
    }

    void onlyAnAdminChangesIt() {
        ApiFixture f;
        const QByteArray body = "{\"mode\":\"act\"}";
        QCOMPARE(f.post(path, body, QStringLiteral("operator")).status, 403);
        QCOMPARE(f.post(path, body, QStringLiteral("viewer")).status, 403);
        QCOMPARE(f.get(path).text("mode"), QStringLiteral("observe"));
        QCOMPARE(f.post(path, body, admin).status, 200);
        QCOMPARE(f.get(path).text("mode"), QStringLiteral("act"));
    }

    void aModeIsOfAPoolThatIsThere() {
        ApiFixture f;
        const InstanceId id = f.deploy();
        const QString pool = f.plane.find(id)->instance.pool;
        const Answer typo = f.post(path, "{\"mode\":\"act\",\"pool\":\"typo\"}", admin);
        QCOMPARE(typo.status, 404);
        QCOMPARE(typo.error(), QStringLiteral("pool_not_found"));
        QVERIFY2(typo.text("message").contains(pool), typo.body.constData());
        const QByteArray body = "{\"mode\":\"act\",\"pool\":\"" + pool.toUtf8() + "\"}";
        QCOMPARE(f.post(path, body, admin).status, 200);
        QVERIFY(f.jobs.automation().modeOf(pool) == AutomationMode::Act);
    }

    void aRestoredStoreSaysWhatItHoldsBack() {
        FakeClock clock;
        MemoryStore store;
        store.restored = StoreRestored{clock.wallNow(), clock.wallNow(), true};
        for (const auto& [name, status] : {std::pair("new", InstanceStatus::Provisioning),
                                           std::pair("old", InstanceStatus::Terminating),
                                           std::pair("ok", InstanceStatus::Ready)}) {
            InstanceRecord record;
            record.instance.id = InstanceId(QString::fromLatin1(name));
            record.instance.status = status;
            store.instances.push_back(std::move(record));
        }
        ControlPlane plane(clock, store);
        QVERIFY(await(plane.load())->has_value());
        const auto holds = guardHolds(plane, {}, {}, {});
        QCOMPARE(holds.size(), 2U);
        QCOMPARE(holds[0].guard, QStringLiteral("pause"));
        QCOMPARE(holds[0].job, QStringLiteral("provisioning"));
        QCOMPARE(holds[0].id, QStringLiteral("new"));
        QVERIFY(holds[0].says.contains(QLatin1String("restored")));
        QCOMPARE(holds[1].job, QStringLiteral("terminator"));
    }

    void pauseAndReleaseAreLogged() {
        ApiFixture f;
        QVERIFY(await(f.jobs.automation().refresh())->has_value());
        const Answer paused = f.post(path, "{\"pause\":{\"reason\":\"power work\"}}", admin);
        QCOMPARE(paused.status, 200);
        const QJsonObject why =
            paused.object().value(QStringLiteral("paused_by")).toArray().at(0).toObject();
        QCOMPARE(why.value(QStringLiteral("reason")).toString(), QStringLiteral("power work"));
        QCOMPARE(why.value(QStringLiteral("actor")).toString(), admin);
        const auto row = [&f](const char* type) {
            return f.get(QStringLiteral("/action_logs?action_type=") + QLatin1String(type))
                .array()
                .at(0)
                .toObject();
        };
        QCOMPARE(row("AUTOMATION_PAUSED").value(QStringLiteral("status")).toString(),
                 QStringLiteral("in_progress"));
        const Answer released = f.post(path, "{\"release\":{\"reason\":\"done\"}}", admin);
        QCOMPARE(released.status, 200);
        QVERIFY(released.object().value(QStringLiteral("paused_by")).toArray().isEmpty());
        QCOMPARE(row("AUTOMATION_PAUSED").value(QStringLiteral("status")).toString(),
                 QStringLiteral("success"));
        QCOMPARE(row("AUTOMATION_RELEASED").value(QStringLiteral("user_id")).toString(), admin);
    }

    void rubbishIsRefused_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("names");
        QTest::newRow("nothing") << QByteArray("{}") << QStringLiteral("exactly one");
        QTest::newRow("two") << QByteArray("{\"mode\":\"act\",\"pause\":{\"reason\":\"x\"}}")
                             << QStringLiteral("exactly one");
        QTest::newRow("mode") << QByteArray("{\"mode\":\"auto\"}") << QStringLiteral("\"mode\"");
        QTest::newRow("pool") << QByteArray("{\"mode\":\"act\",\"pool\":7}")
                              << QStringLiteral("\"pool\"");
        QTest::newRow("no reason") << QByteArray("{\"pause\":{}}") << QStringLiteral("\"pause\"");
        QTest::newRow("blank") << QByteArray("{\"release\":{\"reason\":\"  \"}}")
                               << QStringLiteral("\"release\"");
        QTest::newRow("long") << QByteArray("{\"pause\":{\"reason\":\"") + QByteArray(501, 'x') +
                                     "\"}}"
                              << QStringLiteral("500");
        QTest::newRow("NUL") << QByteArray("{\"pause\":{\"reason\":\"a\\u0000b\"}}")
                             << QStringLiteral("U+0000");
        QTest::newRow("misspelt") << QByteArray("{\"pause\":{\"reason\":\"a\"},\"pol\":\"x\"}")
                                  << QStringLiteral("\"pol\" is not known");
        QTest::newRow("misspelt in release")
            << QByteArray("{\"release\":{\"reason\":\"a\",\"silent_dead\":true}}")
            << QStringLiteral("\"release.silent_dead\" is not known");
        QTest::newRow("a pool of a pause")
            << QByteArray("{\"pause\":{\"reason\":\"a\"},\"pool\":\"mock/a/m\"}")
            << QStringLiteral("goes with \"mode\" only");
        QTest::newRow("array") << QByteArray("[]") << QStringLiteral("array");
        QTest::newRow("no json") << QByteArray("pause") << QStringLiteral("not JSON");
    }
    void rubbishIsRefused() {
        QFETCH(QByteArray, body);
        QFETCH(QString, names);
        ApiFixture f;
        const Answer answer = f.post(path, body, admin);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.error(), QStringLiteral("invalid_request"));
        QVERIFY2(answer.text("message").contains(names), answer.body.constData());
        QCOMPARE(f.get(path).text("mode"), QStringLiteral("observe"));
    }

    void withTheStoreAwayNothingIsPromised() {
        ApiFixture f;
        f.breakable->broken = true;
        QCOMPARE(f.post(path, "{\"mode\":\"act\"}", admin).status, 503);
        f.breakable->broken = false;
        QCOMPARE(f.get(path).text("mode"), QStringLiteral("observe"));
    }
};

QTEST_GUILESS_MAIN(TestApiAutomation)
#include "tst_apiautomation.moc"
