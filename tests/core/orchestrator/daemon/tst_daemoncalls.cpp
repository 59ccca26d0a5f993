#include "core/orchestrator/daemon.h"
#include "core/orchestrator/daemon/guardedprovider.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakeprovider.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// The daemon's calls of a configuration, with a provider that a test can break.
struct Engine {
    explicit Engine(const QByteArray& toml = {}, QHash<QString, QString> environment = {}) {
        SettingsInput input;
        input.environment = std::move(environment);
        if (!toml.isEmpty()) {
            input.file = folder.filePath(QStringLiteral("vigied.toml"));
            write(QStringLiteral("vigied.toml"), toml);
        }
        settings = Settings::read(daemonSettings(), input);
        if (!settings)
            qFatal("%s", qPrintable(settings.error().message));
        made = DaemonCalls::make(clock, *settings);
        if (!made)
            return;
        calls = std::move(*made);
        auto fake = std::make_unique<FakeProvider>();
        inner = fake.get();
        provider.emplace(clock, std::move(fake), *calls);
        calls->countIn(&metrics);
    }
    ~Engine() {
        provider.reset();
        if (calls)
            calls->countIn(nullptr);
    }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("can't write %s", qPrintable(file.fileName()));
        file.write(bytes);
    }
    QString ask() {
        QString answered = QStringLiteral("nothing");
        TaskScope scope;
        scope.spawn([](Provider& p, std::stop_token stop, QString& out) -> Task<> {
            Task<Outcome<Machine>> task = p.describe(MachineId(QStringLiteral("m")), stop);
            const Outcome<Machine> machine = co_await task;
            out = machine ? QStringLiteral("a machine") : toString(machine.error().kind);
        }(*provider, scope.token(), answered));
        return answered;
    }
    bool tells(const std::string& line) const {
        return metrics.serialize().find(line + "\n") != std::string::npos;
    }

    QTemporaryDir folder;
    FakeClock clock;
    Outcome<Settings> settings;
    Outcome<std::unique_ptr<DaemonCalls>> made;
    MetricRegistry metrics;
    std::unique_ptr<DaemonCalls> calls;
    FakeProvider* inner = nullptr;
    std::optional<GuardedProvider> provider;
};

Failure broken() {
    return {FailureKind::Network, QStringLiteral("the provider is away"), 0, {}, {}, {}};
}

} // namespace

class TestDaemonCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The window one by one is the window that is counted.
    void callsOfTheWindowAreShown() {
        Engine engine;
        engine.inner->add(QStringLiteral("m"));
        const QString name = QStringLiteral("provider:fake");
        engine.ask();
        engine.ask();
        engine.inner->failDescribe = broken();
        for (int i = 0; i < 5; ++i)
            engine.ask();
        const auto calls = engine.calls->callsOf(name);
        QVERIFY(calls);
        const Breaker breaker = engine.provider->breaker();
        QVERIFY(breaker.effective == BreakerMode::Open);
        QCOMPARE(breaker.opens, std::optional<qint64>(1));
        QCOMPARE(int(calls->size()), breaker.calls);
        int failures = 0;
        for (const BreakerCall& call : *calls)
            failures += call.failed;
        QCOMPARE(failures, breaker.failures);
        QVERIFY(calls->back().failed && !calls->back().errorCode.isEmpty());
        QVERIFY(!engine.calls->callsOf(QStringLiteral("provider:fak")));
        QVERIFY(!engine.calls->callsOf(QStringLiteral("probes"))); // has no breaker
        QCOMPARE(engine.calls->breakers().size(), std::size_t(1));
    }

    void anOverrideOfTheOperatorHolds() {
        Engine engine;
        engine.inner->add(QStringLiteral("m"));
        const QString name = QStringLiteral("provider:fake");
        QVERIFY(engine.calls->hasBreaker(name) && !engine.calls->hasBreaker(name.chopped(1)));
        engine.calls->impose(
            {name, BreakerMode::ForcedOpen, QStringLiteral("work"), engine.clock.wallNow() + 60s},
            QStringLiteral("lea"));
        QCOMPARE(engine.ask(), QStringLiteral("breaker_open"));
        const Breaker held = engine.provider->breaker();
        QVERIFY(held.effective == BreakerMode::ForcedOpen);
        QVERIFY(held.computed == BreakerMode::Closed && held.override_);
        QCOMPARE(held.override_->actor, QStringLiteral("lea"));
        engine.clock.advance(61s); // it ends by itself
        QCOMPARE(engine.ask(), QStringLiteral("a machine"));
        engine.calls->impose({name, BreakerMode::ForcedOpen, QStringLiteral("work"), {}},
                             QStringLiteral("lea"));
        engine.calls->lift(name, QStringLiteral("done"), QStringLiteral("lea"));
        QCOMPARE(engine.ask(), QStringLiteral("a machine"));
    }

    void theProviderIsCountedFromZero() {
        Engine engine;
        QVERIFY(engine.tells(
            "vigie_call_operations_total{key=\"provider:fake\",outcome=\"success\"} 0"));
        QVERIFY(engine.tells("vigie_call_operations_total{key=\"probes\",outcome=\"failure\"} 0"));
        QVERIFY(engine.tells("vigie_fault_injection_active 0"));
        engine.inner->add(QStringLiteral("m"));
        QCOMPARE(engine.ask(), QStringLiteral("a machine"));
        QVERIFY(engine.tells(
            "vigie_call_operations_total{key=\"provider:fake\",outcome=\"success\"} 1"));
    }

    void theBreakerOpensAndResetsAsTheSeedsVariablesSay() {
        Engine engine(
            {}, {{QStringLiteral("CIRCUIT_BREAKER_FAILURE_THRESHOLD"), QStringLiteral("2")},
                 {QStringLiteral("CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS"), QStringLiteral("7")}});
        engine.inner->add(QStringLiteral("m"));
        engine.inner->failDescribe = broken();
        for (int i = 0; i < 2; ++i)
            QCOMPARE(engine.ask(), QStringLiteral("network"));
        QCOMPARE(engine.ask(), QStringLiteral("breaker_open"));
        QCOMPARE(engine.inner->describes, 2);
        const Breaker open = engine.provider->breaker();
        QCOMPARE(open.name, QStringLiteral("provider:fake"));
        QVERIFY(open.openedAt == engine.clock.wallNow());
        QVERIFY(engine.tells("vigie_circuit_breaker_opens_total{name=\"provider:fake\"} 1"));
        engine.inner->failDescribe.reset();
        engine.clock.advance(7s);
        QCOMPARE(engine.ask(), QStringLiteral("a machine"));
        QVERIFY(engine.tells("vigie_circuit_breaker_resets_total{name=\"provider:fake\"} 1"));
        QVERIFY(engine.tells(
            "vigie_call_operations_total{key=\"provider:fake\",outcome=\"failure\"} 3"));
    }

    void byDefaultItIsTheProfileOfTheSeeds() {
        Engine engine;
        const Breaker breaker = engine.provider->breaker();
        QCOMPARE(breaker.failureThreshold, 5);
        QVERIFY(breaker.waitDurationInOpenState == 300s);
    }

    void switchedOffItShows_data() {
        QTest::addColumn<QString>("variable");
        QTest::newRow("engine") << QStringLiteral("RESILIENCE_ENABLED");
        QTest::newRow("breaker") << QStringLiteral("CIRCUIT_BREAKER_ENABLED");
    }
    void switchedOffItShows() {
        QFETCH(QString, variable);
        Engine engine({}, {{variable, QStringLiteral("false")}});
        engine.inner->failDescribe = broken();
        for (int i = 0; i < 20; ++i)
            QCOMPARE(engine.ask(), QStringLiteral("network"));
        QCOMPARE(engine.inner->describes, 20);
        QCOMPARE(toString(engine.provider->breaker().effective), toString(BreakerMode::Disabled));
    }

    void profilesAreReadAgainWithoutLosingState() {
        Engine engine;
        engine.write(QStringLiteral("p.toml"), "[instance.circuit_breaker]\n"
                                               "consecutive_failures = 1\n");
        const QByteArray path = engine.folder.filePath(QStringLiteral("p.toml")).toUtf8();
        Engine configured("[resilience]\nprofiles = \"" + path + "\"\n");
        configured.inner->failDescribe = broken();
        QCOMPARE(configured.ask(), QStringLiteral("network"));
        QCOMPARE(configured.ask(), QStringLiteral("breaker_open"));
        engine.write(QStringLiteral("p.toml"), "[instance.circuit_breaker]\n"
                                               "consecutive_failures = 4\n");
        configured.clock.advance(5s);
        QCOMPARE(configured.provider->breaker().failureThreshold, 4);
        QCOMPARE(configured.ask(), QStringLiteral("breaker_open"));
    }

    void faultsArePutInAndTold() {
        Engine engine;
        engine.write(QStringLiteral("f.toml"), "[all]\nkey = \"provider:*\"\nrate = 1\n"
                                               "error_class = \"timeout\"\n");
        const QByteArray path = engine.folder.filePath(QStringLiteral("f.toml")).toUtf8();
        Engine configured("[resilience]\nfaults = \"" + path + "\"\n");
        configured.inner->add(QStringLiteral("m"));
        QCOMPARE(configured.ask(), QStringLiteral("timeout"));
        QCOMPARE(configured.inner->describes, 0);
        QVERIFY(configured.tells("vigie_fault_injection_active 1"));
        QVERIFY(configured.tells("vigie_call_faults_injected_total{key=\"provider:fake\"} 1"));
    }

    void mistakesEndTheStart() {
        Engine engine;
        engine.write(QStringLiteral("p.toml"), "[instanc.retry]\nattempts = 1\n");
        const QByteArray path = engine.folder.filePath(QStringLiteral("p.toml")).toUtf8();
        Engine configured("[resilience]\nprofiles = \"" + path + "\"\n");
        QVERIFY(!configured.made);
        QVERIFY(configured.made.error().message.contains(QStringLiteral("did you mean instance?")));
    }
};

QTEST_GUILESS_MAIN(TestDaemonCalls)
#include "tst_daemoncalls.moc"
