#include "core/alerts/alertrule.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

std::vector<WantedAlert> ask(const QString& rule, const std::vector<SourceStatus>& sources,
                             std::vector<std::shared_ptr<const InstanceView>> instances = {}) {
    for (const AlertRule& candidate : rules::registry()) {
        if (candidate.name == rule)
            return candidate.evaluate({sources, instances});
    }
    return {};
}

SourceStatus paris() {
    SourceStatus source;
    source.id = SourceId(QStringLiteral("s1"));
    source.name = QStringLiteral("paris");
    source.kind = QStringLiteral("orchestrator");
    source.freshness = Freshness::Live;
    return source;
}

InstanceView machine(InstanceStatus status, Verdict verdict) {
    InstanceView view;
    view.instance.id = InstanceId(QStringLiteral("i1"));
    view.instance.status = status;
    view.source = SourceId(QStringLiteral("s1"));
    view.assessment.verdict = verdict;
    return view;
}

std::vector<std::shared_ptr<const InstanceView>> one(InstanceView view) {
    return {std::make_shared<const InstanceView>(std::move(view))};
}

} // namespace

class TestAlertRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBuiltInRules() {
        QStringList names;
        for (const AlertRule& rule : rules::registry())
            names << rule.name;
        names.sort();
        QCOMPARE(names,
                 (QStringList{QStringLiteral("BreakerOpen"), QStringLiteral("InstanceFailed"),
                              QStringLiteral("InstanceStuck"), QStringLiteral("SourceUnreachable"),
                              QStringLiteral("WorkerDead")}));
    }

    void workerDead_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<bool>("wanted");
        using S = InstanceStatus;
        QTest::newRow("alive") << int(S::Ready) << int(Verdict::Alive) << false;
        QTest::newRow("suspect") << int(S::Ready) << int(Verdict::Suspect) << false;
        QTest::newRow("judged dead") << int(S::Ready) << int(Verdict::Dead) << true;
        QTest::newRow("status only") << int(S::WorkerDead) << int(Verdict::Unknown) << true;
        QTest::newRow("over") << int(S::Terminated) << int(Verdict::Dead) << false;
    }
    void workerDead() {
        QFETCH(int, status);
        QFETCH(int, verdict);
        QFETCH(bool, wanted);
        auto view = machine(static_cast<InstanceStatus>(status), static_cast<Verdict>(verdict));
        view.assessment.heartbeatAge = 312s;
        const auto alerts = ask(QStringLiteral("WorkerDead"), {paris()}, one(view));
        QCOMPARE(!alerts.empty(), wanted);
        if (wanted) {
            QVERIFY(alerts[0].summary.contains(QLatin1String("paris")));
            QVERIFY(alerts[0].summary.contains(QLatin1String("5 min 12 s")));
            QVERIFY(alerts[0].holdFor == 0s);
            QVERIFY(alerts[0].needsSight);
        }
    }

    void ourOwnAdviceIsHeldAWhile() {
        auto view = machine(InstanceStatus::Ready, Verdict::Dead);
        view.advisory = true;
        const auto alerts = ask(QStringLiteral("WorkerDead"), {paris()}, one(view));
        QVERIFY(alerts.at(0).holdFor > 0s);
    }

    void stuckOnlyBeyondTheLimit_data() {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<bool>("wanted");
        QTest::newRow("before") << qint64(1799) << false;
        QTest::newRow("at") << qint64(1800) << false;
        QTest::newRow("beyond") << qint64(1801) << true;
    }
    void stuckOnlyBeyondTheLimit() {
        QFETCH(qint64, seconds);
        QFETCH(bool, wanted);
        auto view = machine(InstanceStatus::Starting, Verdict::Unknown);
        view.timeInState = std::chrono::seconds(seconds);
        view.stateLimit = 1800s;
        const auto alerts = ask(QStringLiteral("InstanceStuck"), {paris()}, one(view));
        QCOMPARE(!alerts.empty(), wanted);
        view.stateLimit.reset();
        QVERIFY(ask(QStringLiteral("InstanceStuck"), {paris()}, one(view)).empty());
    }

    void whatFailedSaysWhyAndWhere() {
        auto view = machine(InstanceStatus::StartupFailed, Verdict::Unknown);
        view.instance.errorCode = QStringLiteral("STARTUP_TIMEOUT");
        view.instance.errorMessage = QStringLiteral("The model never loaded.");
        view.instance.pool = QStringLiteral("mock/z/m");
        const auto alerts = ask(QStringLiteral("InstanceFailed"), {paris()}, one(view));
        QCOMPARE(alerts.size(), 1u);
        QCOMPARE(alerts[0].summary,
                 QStringLiteral("Instance i1 on paris did not start (STARTUP_TIMEOUT)."));
        QCOMPARE(alerts[0].description, QStringLiteral("The model never loaded."));
        QCOMPARE(alerts[0].labels.value(QStringLiteral("pool")), QStringLiteral("mock/z/m"));
        QVERIFY(ask(QStringLiteral("InstanceFailed"), {paris()},
                    one(machine(InstanceStatus::Unavailable, Verdict::Dead)))
                    .empty());
    }

    void unreachableSaysWhy() {
        auto source = paris();
        QVERIFY(ask(QStringLiteral("SourceUnreachable"), {source}).empty());
        source.freshness = Freshness::Stale;
        QVERIFY(ask(QStringLiteral("SourceUnreachable"), {source}).empty());
        source.freshness = Freshness::Unreachable;
        source.lastFailure =
            Failure{FailureKind::Network, QStringLiteral("refused"), 0, {}, {}, {}};
        const auto alerts = ask(QStringLiteral("SourceUnreachable"), {source});
        QCOMPARE(alerts.size(), 1u);
        QVERIFY(!alerts[0].needsSight);
        QVERIFY(alerts[0].description.contains(QLatin1String("refused")));
    }

    void breakersOfBothSides_data() {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("wanted");
        QTest::newRow("closed") << int(BreakerMode::Closed) << false;
        QTest::newRow("disabled") << int(BreakerMode::Disabled) << false;
        QTest::newRow("open") << int(BreakerMode::Open) << true;
        QTest::newRow("half-open is not healed") << int(BreakerMode::HalfOpen) << true;
        QTest::newRow("forced open") << int(BreakerMode::ForcedOpen) << true;
    }
    void breakersOfBothSides() {
        QFETCH(int, mode);
        QFETCH(bool, wanted);
        auto source = paris();
        source.breaker.effective = static_cast<BreakerMode>(mode);
        Breaker remote;
        remote.name = QStringLiteral("provider:fr-par-2");
        remote.effective = static_cast<BreakerMode>(mode);
        source.remoteBreakers = {remote};
        const auto alerts = ask(QStringLiteral("BreakerOpen"), {source});
        QCOMPARE(alerts.size(), wanted ? 2u : 0u);
        if (wanted) {
            QVERIFY(!alerts[0].needsSight);
            QVERIFY(alerts[1].needsSight);
            QVERIFY(alerts[0].labels != alerts[1].labels);
        }
    }
};

QTEST_GUILESS_MAIN(TestAlertRules)
#include "tst_alertrules.moc"
