#include "core/alerts/alertengine.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// One source, a rule that wants what the test says, and time.
struct Desk {
    FakeClock clock;
    std::vector<WantedAlert> wanted;
    std::vector<SourceStatus> sources{1};
    AlertEngine engine;

    Desk()
        : engine({AlertRule{QStringLiteral("Test"), Severity::Warning,
                            [this](const AlertFacts&) { return wanted; }}}) {
        sources[0].id = SourceId(QStringLiteral("paris"));
        sources[0].freshness = Freshness::Live;
    }
    bool run() { return engine.evaluate({sources, {}}, clock.now(), clock.wallNow()); }
    Alert only() const { return engine.alerts().at(0); }
};

WantedAlert about(const QString& instance, Duration holdFor = 0s) {
    WantedAlert alert;
    alert.labels = {{QStringLiteral("source"), QStringLiteral("paris")},
                    {QStringLiteral("instance"), instance}};
    alert.summary = QStringLiteral("broken");
    alert.holdFor = holdFor;
    return alert;
}

} // namespace

class TestAlertEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firesOnceHeldLongEnough() {
        Desk desk;
        desk.wanted = {about(QStringLiteral("a"), 10s)};
        QVERIFY(desk.run());
        QVERIFY(desk.only().state == AlertState::Pending);
        QCOMPARE(desk.only().labels.value(QStringLiteral("alertname")), QStringLiteral("Test"));
        const WallTime began = desk.clock.wallNow();
        desk.clock.advance(9999ms);
        QVERIFY(!desk.run());
        QVERIFY(desk.only().state == AlertState::Pending);
        desk.clock.advance(1ms);
        QVERIFY(desk.run());
        QVERIFY(desk.only().state == AlertState::Firing);
        QVERIFY(desk.only().activeSince == began);
        QVERIFY(desk.only().firedAt == desk.clock.wallNow());
    }

    void aPendingOneThatEndsLeavesNoTrace() {
        Desk desk;
        desk.wanted = {about(QStringLiteral("a"), 10s)};
        desk.run();
        desk.wanted.clear();
        QVERIFY(desk.run());
        QVERIFY(desk.engine.alerts().empty());
    }

    void resolvesThenIsForgotten() {
        Desk desk;
        desk.wanted = {about(QStringLiteral("a"))};
        desk.run();
        QVERIFY(desk.only().state == AlertState::Firing);
        desk.wanted.clear();
        desk.clock.advance(1s);
        QVERIFY(desk.run());
        QVERIFY(desk.only().state == AlertState::Resolved);
        QVERIFY(desk.only().resolvedAt == desk.clock.wallNow());
        desk.clock.advance(15min - 1ms);
        QVERIFY(!desk.run());
        QCOMPARE(desk.engine.alerts().size(), 1u);
        desk.clock.advance(1ms);
        QVERIFY(desk.run());
        QVERIFY(desk.engine.alerts().empty());
    }

    void flappingRevivesTheSameAlert() {
        Desk desk;
        for (int i = 0; i < 5; ++i) {
            desk.wanted = {about(QStringLiteral("a"))};
            desk.run();
            QCOMPARE(desk.engine.alerts().size(), 1u);
            QVERIFY(desk.only().state == AlertState::Firing);
            QVERIFY(!desk.only().resolvedAt);
            desk.wanted.clear();
            desk.clock.advance(1s);
            desk.run();
            QCOMPARE(desk.engine.alerts().size(), 1u);
            QVERIFY(desk.only().state == AlertState::Resolved);
        }
    }

    void silenceOfABlindSourceResolvesNothing_data() {
        QTest::addColumn<int>("freshness");
        QTest::addColumn<bool>("resolves");
        QTest::newRow("live") << int(Freshness::Live) << true;
        QTest::newRow("late") << int(Freshness::Late) << true;
        QTest::newRow("stale") << int(Freshness::Stale) << false;
        QTest::newRow("unreachable") << int(Freshness::Unreachable) << false;
        QTest::newRow("waiting") << int(Freshness::Waiting) << false;
    }
    void silenceOfABlindSourceResolvesNothing() {
        QFETCH(int, freshness);
        QFETCH(bool, resolves);
        Desk desk;
        desk.wanted = {about(QStringLiteral("a"))};
        desk.run();
        desk.wanted.clear();
        desk.sources[0].freshness = static_cast<Freshness>(freshness);
        desk.clock.advance(1h);
        desk.run();
        QVERIFY(desk.only().state == (resolves ? AlertState::Resolved : AlertState::Firing));
        desk.sources[0].freshness = Freshness::Live;
        desk.run();
        QVERIFY(desk.engine.alerts().empty() || desk.only().state == AlertState::Resolved);
    }

    void aBlindSourceMakesNothingFireEither() {
        Desk desk;
        desk.wanted = {about(QStringLiteral("a"), 10s)};
        desk.run();
        desk.sources[0].freshness = Freshness::Stale;
        desk.clock.advance(1h);
        desk.run();
        QVERIFY(desk.only().state == AlertState::Pending);
    }

    void alertsAboutTheSourceItselfNeedNoSight() {
        Desk desk;
        WantedAlert alert = about(QStringLiteral("a"));
        alert.needsSight = false;
        desk.sources[0].freshness = Freshness::Unreachable;
        desk.wanted = {alert};
        desk.run();
        QVERIFY(desk.only().state == AlertState::Firing);
        desk.wanted.clear();
        desk.run();
        QVERIFY(desk.only().state == AlertState::Resolved);
    }

    void removingTheSourceEndsItsAlerts() {
        Desk desk;
        desk.wanted = {about(QStringLiteral("a"))};
        desk.run();
        desk.wanted.clear();
        desk.sources.clear();
        desk.run();
        QVERIFY(desk.only().state == AlertState::Resolved);
    }

    void firingComesFirst() {
        Desk desk;
        desk.wanted = {about(QStringLiteral("a")), about(QStringLiteral("b"), 1h)};
        desk.run();
        desk.wanted = {about(QStringLiteral("b"), 1h), about(QStringLiteral("c"))};
        desk.run();
        const auto alerts = desk.engine.alerts();
        QCOMPARE(alerts.size(), 3u);
        QVERIFY(alerts[0].state == AlertState::Firing);
        QVERIFY(alerts[1].state == AlertState::Pending);
        QVERIFY(alerts[2].state == AlertState::Resolved);
    }
};

QTEST_GUILESS_MAIN(TestAlertEngine)
#include "tst_alertengine.moc"
