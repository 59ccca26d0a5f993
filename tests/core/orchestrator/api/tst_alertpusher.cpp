#include "core/base/timeformat.h"
#include "core/orchestrator/alerting/alertpusher.h"
#include "tests/core/orchestrator/api/apifixture.h"
#include "tests/support/faultyserver.h"

#include <QTemporaryFile>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestAlertPusher : public QObject {
    Q_OBJECT

private:
    struct Fixture : ApiFixture {
        FaultyServer alertmanager;
        AlertPusher pusher;

        Fixture()
            : pusher({clock, alerts, http, {}, QUrl(QStringLiteral("http://vigied.example.org"))},
                     {{alertmanager.url(QStringLiteral("/am/"))}, "a-token", 60s}) {
            alerts.onChanged([this](const QStringList&) { pusher.changed(); });
            pusher.start();
        }
        InstanceId broken() {
            const InstanceId id = deploy();
            boot(id);
            move(id, TransitionCause::StartupLimitPassed);
            await(alerts.look());
            return id;
        }
        /// The alerts of the n-th push; it is waited for.
        QJsonArray pushed(int n) {
            if (!QTest::qWaitFor([&] { return alertmanager.requests().size() > n; }))
                return {};
            return QJsonDocument::fromJson(alertmanager.requests().at(n).body).array();
        }
        static QString text(const QJsonValue& alert, const char* field) {
            return alert.toObject().value(QLatin1String(field)).toString();
        }
        QString in(Duration later) {
            return toRfc3339(clock.wallNow() +
                             std::chrono::duration_cast<std::chrono::milliseconds>(later));
        }
    };

private Q_SLOTS:
    void whatFiresIsToldRepeatedAndEnded() {
        Fixture f;
        const InstanceId id = f.broken();
        const QJsonArray first = f.pushed(0);
        QCOMPARE(first.size(), 1);
        const FaultyRequest request = f.alertmanager.requests().at(0);
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.target, QByteArray("/am/api/v2/alerts"));
        QCOMPARE(request.header("Authorization"), QByteArray("Bearer a-token"));
        QCOMPARE(request.header("Content-Type"), QByteArray("application/json"));
        const QJsonObject labels = first.at(0).toObject().value(QLatin1String("labels")).toObject();
        QCOMPARE(labels.value(QLatin1String("alertname")).toString(),
                 QStringLiteral("InstanceFailed"));
        QCOMPARE(labels.value(QLatin1String("instance")).toString(), id.value());
        QVERIFY(!labels.value(QLatin1String("severity")).toString().isEmpty());
        QCOMPARE(Fixture::text(first.at(0), "endsAt"), f.in(240s));
        QCOMPARE(Fixture::text(first.at(0), "generatorURL"),
                 QStringLiteral("http://vigied.example.org"));

        QTRY_COMPARE(f.pusher.figures().pushed, 1U); // before time goes on, and ends its deadline
        f.clock.advance(60s);
        QCOMPARE(f.pushed(1).size(), 1);
        QCOMPARE(Fixture::text(f.pushed(1).at(0), "endsAt"), f.in(240s));
        QTRY_COMPARE(f.pusher.figures().pushed, 2U);

        f.move(id, TransitionCause::TerminateAsked);
        await(f.alerts.look());
        QCOMPARE(f.pushed(2).size(), 1);
        QCOMPARE(Fixture::text(f.pushed(2).at(0), "endsAt"), f.in(0s));
        QTRY_COMPARE(f.pusher.figures().pushed, 3U);
        f.clock.advance(600s); // there is nothing left to tell
        QCOMPARE(f.pusher.figures().pushed, 3U);
        QCOMPARE(f.alertmanager.requests().size(), 3);
    }

    void whatIsSilencedHereIsToldAsEnded() {
        Fixture f;
        const InstanceId id = f.broken();
        QCOMPARE(f.pushed(0).size(), 1);
        QTRY_COMPARE(f.pusher.figures().pushed, 1U);
        Silence silence;
        const auto matcher =
            LabelMatcher::make(QStringLiteral("instance"), id.value(), false, true);
        QVERIFY(matcher);
        silence.matchers = {*matcher};
        silence.startsAt = f.clock.wallNow();
        silence.endsAt = f.clock.wallNow() + 1h;
        silence.comment = QStringLiteral("known");
        QVERIFY(*await(f.alerts.silence(silence, Asker{})));
        await(f.alerts.look());
        QCOMPARE(f.pushed(1).size(), 1);
        QCOMPARE(Fixture::text(f.pushed(1).at(0), "endsAt"), f.in(0s));
    }

    void whatCouldNotBeToldIsToldLater() {
        Fixture f;
        f.alertmanager.play({faults::answer(400), faults::answer(200)});
        f.broken();
        QCOMPARE(f.pushed(0).size(), 1);
        QTRY_COMPARE(f.pusher.figures().failed, 1U);
        f.clock.advance(60s);
        QCOMPARE(f.pushed(1).size(), 1);
        QTRY_COMPARE(f.pusher.figures().pushed, 1U);
    }

    void mistakesInTheSettingsAreNamed_data() {
        QTest::addColumn<QString>("urls");
        QTest::addColumn<QString>("tokenFile");
        QTest::addColumn<QString>("says");
        QTest::newRow("no address") << QStringLiteral("localhost:9093") << QString()
                                    << QStringLiteral("alerts.alertmanager_urls");
        QTest::newRow("another protocol")
            << QStringLiteral("ftp://am") << QString() << QStringLiteral("ftp://am");
        QTest::newRow("no file") << QStringLiteral("http://am") << QStringLiteral("/nowhere/token")
                                 << QStringLiteral("/nowhere/token");
        QTest::newRow("no token") << QStringLiteral("http://am") << QStringLiteral("/dev/null")
                                  << QStringLiteral("one token");
    }
    void mistakesInTheSettingsAreNamed() {
        QFETCH(QString, urls);
        QFETCH(QString, tokenFile);
        QFETCH(QString, says);
        SettingsInput input;
        input.environment = {{QStringLiteral("VIGIE_ALERTS_ALERTMANAGER_URLS"), urls},
                             {QStringLiteral("VIGIE_ALERTS_ALERTMANAGER_TOKEN_FILE"), tokenFile}};
        const auto settings = Settings::read(alertPushSettings(), input);
        QVERIFY(settings);
        const auto read = readAlertPushSettings(*settings);
        QVERIFY(!read);
        QVERIFY2(read.error().message.contains(says), qPrintable(read.error().message));
    }
};

QTEST_GUILESS_MAIN(TestAlertPusher)
#include "tst_alertpusher.moc"
