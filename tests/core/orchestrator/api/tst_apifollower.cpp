#include "core/orchestrator/api/fleetcodec.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString other = QStringLiteral("vigied on b");

QJsonValue guardsOf(ApiFixture& f) {
    return f.get(QStringLiteral("/automation")).object().value(QLatin1String("guards"));
}

} // namespace

/// What an orchestrator says of what only the one that leads knows: nothing, and whom to ask.
class TestApiFollower : public QObject {
    Q_OBJECT

    static void join(ApiFixture& f, const QString& leader) {
        f.breakable->isShared = true;
        f.breakable->leader = leader;
        QVERIFY(await(f.plane.replica().join(QStringLiteral("vigied on a"), 15s))->has_value());
        QVERIFY(await(f.jobs.automation().refresh())->has_value());
    }

private Q_SLOTS:
    void itDoesNotSayThatNothingIsBlocked() {
        ApiFixture f;
        join(f, other);
        const QJsonObject body = f.get(QStringLiteral("/automation")).object();
        QCOMPARE(body.value(QLatin1String("leader")).toString(), other);
        QVERIFY(body.value(QLatin1String("guards")).isNull());
        QVERIFY(body.value(QLatin1String("silent_after_release")).isNull());
        const QJsonObject budget = body.value(QLatin1String("budget")).toObject();
        QVERIFY(budget.value(QLatin1String("in_recovery")).isNull());
        QVERIFY(budget.value(QLatin1String("pools")).isNull());
        // What is in the store is known.
        QVERIFY(body.value(QLatin1String("mode")).isString());
        QVERIFY(body.value(QLatin1String("paused_by")).isArray());
        QVERIFY(body.value(QLatin1String("storm")).isArray());
    }

    void itTakesAnOrderAllTheSame() {
        ApiFixture f;
        join(f, other);
        const Answer paused =
            f.post(QStringLiteral("/automation"), "{\"pause\":{\"reason\":\"maintenance\"}}",
                   QStringLiteral("admin"));
        QCOMPARE(paused.status, 200);
        QCOMPARE(paused.object().value(QLatin1String("paused_by")).toArray().size(), 1);
        QVERIFY(paused.object().value(QLatin1String("guards")).isNull());
    }

    void itKnowsOfNoOrphans() {
        ApiFixture f;
        join(f, other);
        for (const char* path :
             {"/volumes?orphan=true", "/volumes?orphan=false", "/orphan_machines"}) {
            const Answer answer = f.get(QString::fromLatin1(path));
            QCOMPARE(answer.status, 409);
            QCOMPARE(answer.error(), QStringLiteral("led_elsewhere"));
            QVERIFY2(answer.text("message").contains(other), answer.body.constData());
        }
        QCOMPARE(f.get(QStringLiteral("/volumes")).status, 200);
    }

    void itsGaugesAreAbsent() {
        ApiFixture f;
        join(f, other);
        const QByteArray text = f.metrics.text();
        for (const char* gauge : {"\nvigie_guard_blocked{", "\nvigie_volumes{",
                                  "\nvigie_volumes_marked ", "\nvigie_orphan_machines "})
            QVERIFY2(!text.contains(gauge), gauge);
        QVERIFY(text.contains("\nvigie_automation_paused 0"));
    }

    void theFiguresOfAJobThatAnotherRunsAreUnknown() {
        JobStats led;
        led.name = QStringLiteral("health-check");
        led.runs = 7; // of a lead of before
        led.owner = other;
        led.elsewhere = true;
        JobStats own;
        own.name = QStringLiteral("provisioning");
        own.runs = 3;
        const QByteArray told = encodeJobs({led, own}, QStringLiteral("me"));
        const QJsonArray jobs = QJsonDocument::fromJson(told).array();
        QCOMPARE(jobs[0][QLatin1String("lease_owner")].toString(), other);
        QCOMPARE(jobs[0].toObject().keys(), jobs[1].toObject().keys());
        for (const char* figure : {"running", "last_run_at", "p99_ms", "runs", "errors", "claimed",
                                   "processed", "blocked_by_guard"})
            QVERIFY2(jobs[0][QLatin1String(figure)].isNull(), figure);
        QCOMPARE(jobs[1][QLatin1String("runs")].toInt(), 3);
        QCOMPARE(jobs[1][QLatin1String("lease_owner")].toString(), QStringLiteral("me"));
        led.owner.clear();
        const QByteArray ledByNobody = encodeJobs({led}, QStringLiteral("me"));
        QVERIFY(QJsonDocument::fromJson(ledByNobody)[0][QLatin1String("lease_owner")].isNull());
    }

    /// Not only of several: who has not looked yet does not know either.
    void nothingIsKnownBeforeTheFirstLook() {
        ApiFixture f;
        QVERIFY(guardsOf(f).isNull());
        f.jobs.automation().plan({});
        QVERIFY(guardsOf(f).isArray());
        const Answer answer = f.get(QStringLiteral("/volumes?orphan=true"));
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.error(), QStringLiteral("not_listed_yet"));
        QVERIFY(!f.metrics.text().contains("\nvigie_volumes{"));
    }

    void whoLosesTheLeadForgetsWhatItSaw() {
        ApiFixture f;
        join(f, {});
        QVERIFY(f.plane.replica().leads());
        f.jobs.automation().plan({});
        QVERIFY(guardsOf(f).isArray());
        QVERIFY(f.jobs.volumes());
        f.clock.advance(16s); // its lease
        QVERIFY(!f.plane.replica().leads());
        QVERIFY(guardsOf(f).isNull());
        QVERIFY(!f.jobs.volumes());
        // Once it leads again it has to look again first.
        QVERIFY(await(f.jobs.automation().refresh())->has_value());
        await(f.plane.replica().tend());
        QVERIFY(f.plane.replica().leads());
        QVERIFY(await(f.jobs.automation().refresh())->has_value());
        QVERIFY(guardsOf(f).isNull());
    }
};

QTEST_GUILESS_MAIN(TestApiFollower)
#include "tst_apifollower.moc"
