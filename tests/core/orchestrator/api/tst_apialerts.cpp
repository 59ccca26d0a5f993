#include "core/base/timeformat.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString operatorRole = QStringLiteral("operator");

} // namespace

class TestApiAlerts : public QObject {
    Q_OBJECT

private:
    struct Fixture : ApiFixture {
        /// An instance whose start failed: an alert.
        InstanceId broken() {
            const InstanceId id = deploy();
            boot(id);
            move(id, TransitionCause::StartupLimitPassed);
            await(alerts.look());
            return id;
        }
        QJsonArray firing(const QString& query = {}) {
            return get(QStringLiteral("/alerts") + query).array();
        }
        QByteArray body(const QByteArray& label, const QByteArray& value, Duration length = 1h,
                        const QByteArray& more = {}) {
            const QByteArray now = toRfc3339(clock.wallNow()).toLatin1();
            const QByteArray end =
                toRfc3339(clock.wallNow() +
                          std::chrono::duration_cast<std::chrono::milliseconds>(length))
                    .toLatin1();
            return "{" + more + "\"matchers\":[{\"name\":\"" + label + "\",\"value\":\"" + value +
                   "\",\"isRegex\":false,\"isEqual\":true}],\"startsAt\":\"" + now +
                   "\",\"endsAt\":\"" + end + "\",\"comment\":\"known\",\"createdBy\":\"me\"}";
        }
        QString silence(const QByteArray& label, const QByteArray& value, Duration length = 1h) {
            const Answer made =
                post(QStringLiteral("/silences"), body(label, value, length), operatorRole);
            if (made.status != 200)
                qWarning("%d %s", made.status, made.body.constData());
            return made.text("silenceID");
        }
    };
    static QString stateOf(const QJsonValue& alert) {
        return alert.toObject()
            .value(QLatin1String("status"))
            .toObject()
            .value(QLatin1String("state"))
            .toString();
    }

private Q_SLOTS:
    void whatFailsIsListedUntilItIsGone() {
        Fixture f;
        QCOMPARE(f.firing().size(), 0);
        const InstanceId id = f.broken();
        const QJsonArray firing = f.firing();
        QCOMPARE(firing.size(), 1);
        const QJsonObject labels =
            firing.at(0).toObject().value(QLatin1String("labels")).toObject();
        QCOMPARE(labels.value(QLatin1String("alertname")).toString(),
                 QStringLiteral("InstanceFailed"));
        QCOMPARE(labels.value(QLatin1String("instance")).toString(), id.value());
        QCOMPARE(labels.value(QLatin1String("zone")).toString(), QStringLiteral("zone-1"));
        QCOMPARE(stateOf(firing.at(0)), QStringLiteral("active"));
        f.move(id, TransitionCause::TerminateAsked);
        await(f.alerts.look());
        QCOMPARE(f.firing().size(), 0);
    }

    void aSilenceSuppressesAndIsLogged() {
        Fixture f;
        const InstanceId id = f.broken();
        const QString silence = f.silence("instance", id.value().toLatin1());
        QVERIFY(!silence.isEmpty());
        QCOMPARE(stateOf(f.firing().at(0)), QStringLiteral("suppressed"));
        QCOMPARE(f.firing(QStringLiteral("?silenced=false")).size(), 0);
        QCOMPARE(f.firing(QStringLiteral("?active=false")).size(), 1);
        const QJsonObject listed = f.get(QStringLiteral("/silences")).array().at(0).toObject();
        QCOMPARE(listed.value(QLatin1String("id")).toString(), silence);
        QCOMPARE(stateOf(listed), QStringLiteral("active"));
        QCOMPARE(listed.value(QLatin1String("createdBy")).toString(), operatorRole); // not "me"
        const QJsonArray rows = f.get(QStringLiteral("/action_logs?action_type=SILENCE")).array();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.at(0).toObject().value(QLatin1String("status")).toString(),
                 QStringLiteral("in_progress"));

        const Answer ended =
            f.call({"DELETE", QStringLiteral("/silences/") + silence, operatorRole, {}, {}});
        QCOMPARE(ended.status, 200);
        QCOMPARE(stateOf(f.firing().at(0)), QStringLiteral("active"));
        QCOMPARE(stateOf(f.get(QStringLiteral("/silences")).array().at(0)),
                 QStringLiteral("expired"));
    }

    void itEndsByItself() {
        Fixture f;
        f.broken();
        f.silence("alertname", "InstanceFailed", 10min);
        f.silence("alertname", "SomethingElse", 10min);
        QCOMPARE(stateOf(f.firing().at(0)), QStringLiteral("suppressed"));
        f.clock.advance(10min);
        await(f.alerts.look());
        QCOMPARE(stateOf(f.firing().at(0)), QStringLiteral("active"));
        const QJsonArray rows =
            f.get(QStringLiteral("/action_logs?action_type=SILENCE&status=success")).array();
        QCOMPARE(rows.size(), 2);
    }

    void anotherTakesItsPlace() {
        Fixture f;
        f.broken();
        const QString first = f.silence("alertname", "InstanceFailed");
        const Answer changed = f.post(
            QStringLiteral("/silences"),
            f.body("alertname", "Other", 1h, "\"id\":\"" + first.toLatin1() + "\","), operatorRole);
        QVERIFY2(changed.status == 200, changed.body.constData());
        QVERIFY(changed.text("silenceID") != first);
        QCOMPARE(stateOf(f.firing().at(0)), QStringLiteral("active"));
    }

    void itSurvivesARestart() {
        Fixture f;
        f.broken();
        f.silence("alertname", "InstanceFailed");
        AlertDesk second({f.plane, f.jobs, [] { return std::vector<Breaker>(); }});
        await(second.look());
        QCOMPARE(second.alerts().size(), 1u);
        QCOMPARE(second.alerts().front().silencedBy.size(), 1);
    }

    void filtersAreMatchers() {
        Fixture f;
        f.broken();
        f.silence("pool", "gone");
        QCOMPARE(
            f.firing(QStringLiteral("?filter=zone%3Dzone-1&filter=severity%3D~%22w.*%22")).size(),
            1);
        QCOMPARE(f.firing(QStringLiteral("?filter=zone!%3Dzone-1")).size(), 0);
        QCOMPARE(f.get(QStringLiteral("/silences?filter=pool%3Dgone")).array().size(), 1);
        QCOMPARE(f.get(QStringLiteral("/silences?filter=pool%3Dother")).array().size(), 0);
        QCOMPARE(f.get(QStringLiteral("/alerts?filter=zone")).status, 400);
        QCOMPARE(f.get(QStringLiteral("/alerts?active=maybe")).status, 400);
    }

    void whoAsksIsLookedAt() {
        Fixture f;
        const QString place = QStringLiteral("/silences");
        QCOMPARE(f.post(place, f.body("a", "b"), QStringLiteral("viewer")).status, 403);
        QCOMPARE(f.post(place, "{}", operatorRole).status, 400);
        const Answer gone =
            f.call({"DELETE", place + QStringLiteral("/none"), operatorRole, {}, {}});
        QCOMPARE(gone.status, 404);
        QCOMPARE(gone.text("error"), QStringLiteral("silence_not_found"));
        const Answer unknown =
            f.post(place, f.body("a", "b", 1h, "\"id\":\"none\","), operatorRole);
        QCOMPARE(unknown.status, 404);
    }

    void withoutTheStoreNothingResolvesAndThatIsAnAlert() {
        Fixture f;
        const InstanceId id = f.broken();
        f.breakable->broken = true;
        await(f.plane.flushBeats());
        await(f.alerts.look());
        f.clock.advance(6s);
        await(f.alerts.look());
        QStringList names;
        for (const ToldAlert& told : f.alerts.alerts())
            names.append(told.alert.labels.value(QStringLiteral("alertname")));
        QCOMPARE(names,
                 QStringList({QStringLiteral("StoreAway"), QStringLiteral("InstanceFailed")}));
        QCOMPARE(f.get(QStringLiteral("/silences")).status, 503);
    }

    void streamsTellOfThem() {
        Fixture f;
        QStringList told;
        f.alerts.onChanged([&told](const QStringList& ids) { told += ids; });
        const InstanceId id = f.broken();
        QCOMPARE(told.size(), 1);
        await(f.alerts.look());
        QCOMPARE(told.size(), 1);
        f.silence("instance", id.value().toLatin1());
        QCOMPARE(told.size(), 2);
        QCOMPARE(told.at(0), told.at(1));
        QCOMPARE(told.at(0), f.firing().at(0).toObject().value(QLatin1String("fingerprint")));
    }
};

QTEST_GUILESS_MAIN(TestApiAlerts)
#include "tst_apialerts.moc"
