#include "core/base/log.h"
#include "core/runtime/enginehandle.h"
#include "tests/support/partaserver.h"

#include <QTest>
#include <QThread>

#include <atomic>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// The window's side: a handle, and the newest snapshot it was given.
struct Window {
    SnapshotPtr newest;
    int received = 0;
    QThread* thread = nullptr; ///< that the snapshots came on
    EngineHandle engine;

    explicit Window(EngineOptions options = {})
        : engine(std::move(options), [this](SnapshotPtr snapshot) {
              thread = QThread::currentThread();
              ++received;
              newest = std::move(snapshot);
          }) {}

    const SourceStatus* source() const {
        return newest && !newest->sources.empty() ? &newest->sources.front() : nullptr;
    }
    bool is(Freshness freshness) const { return source() && source()->freshness == freshness; }
};

SourceConfig at(const QUrl& url) {
    SourceConfig config;
    config.name = QStringLiteral("paris");
    config.url = url;
    config.interval = 200ms;
    return config;
}

} // namespace

class TestEngineHandle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsAndEndsAtOnce() {
        for (int i = 0; i < 20; ++i) {
            EngineOptions options;
            options.sources = {at(QUrl(QStringLiteral("http://127.0.0.1:1")))};
            Window window(options);
        }
    }

    void snapshotsArriveOnTheWindowsThread() {
        PartAServer server;
        server.add(QStringLiteral("a"));
        EngineOptions options;
        options.sources = {at(server.url())};
        Window window(options);
        QTRY_VERIFY_WITH_TIMEOUT(window.is(Freshness::Live), 20'000);
        QCOMPARE(window.thread, QThread::currentThread());
        QCOMPARE(window.newest->instances.size(), 1u);
        QCOMPARE(window.source()->kind, QStringLiteral("orchestrator"));
        QVERIFY(window.source()->clockOffset);
        QVERIFY(!window.source()->notices.empty());
    }

    void commandsFromTheWindowTakeEffect() {
        PartAServer server;
        server.add(QStringLiteral("a"));
        Window window;
        window.engine.submit(command::AddSource{at(server.url())});
        QTRY_VERIFY_WITH_TIMEOUT(window.is(Freshness::Live), 20'000);
        const SourceId id = window.source()->id;
        window.engine.submit(command::Inspect{id, InstanceId(QStringLiteral("a"))});
        command::Act act{OperationId(QStringLiteral("op")),
                         Action::Terminate,
                         QStringLiteral("why"),
                         {{id, InstanceId(QStringLiteral("a"))}}};
        window.engine.submit(act);
        QTRY_VERIFY_WITH_TIMEOUT(
            !window.newest->operations.empty() && window.newest->operations[0].finished, 20'000);
        QVERIFY(window.newest->operations[0].items[0].state == ItemState::Done);
        QTRY_VERIFY_WITH_TIMEOUT(
            window.newest->instances[0]->instance.status == InstanceStatus::Terminating, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(!window.newest->log.empty(), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            window.newest->inspection && !window.newest->inspection->actions.empty(), 20'000);
        window.engine.submit(command::RemoveSource{id});
        QTRY_VERIFY_WITH_TIMEOUT(window.newest->sources.empty(), 20'000);
    }

    void aSourceThatDiesAndComesBack() {
        PartAServer server;
        server.add(QStringLiteral("a"), InstanceStatus::WorkerDead);
        server.add(QStringLiteral("b"));
        EngineOptions options;
        options.sources = {at(server.url())};
        Window window(options);
        QTRY_VERIFY_WITH_TIMEOUT(window.is(Freshness::Live), 20'000);
        server.stop();
        QTRY_VERIFY_WITH_TIMEOUT(window.is(Freshness::Unreachable), 30'000);
        QVERIFY(window.newest->blind());
        QCOMPARE(window.newest->instances.size(), 2u); // shown still, but marked
        for (const auto& view : window.newest->instances) {
            QVERIFY(view->freshness == Freshness::Unreachable);
            QVERIFY(view->assessment.verdict != Verdict::Alive);
        }
        QVERIFY(window.source()->lastFailure);
        QVERIFY(server.start());
        QTRY_VERIFY_WITH_TIMEOUT(window.is(Freshness::Live), 30'000);
    }

    void aSlowWindowGetsTheNewestOnly() {
        // The engine says on its own thread, in the log, that it took a command.
        static std::atomic<int> taken;
        taken = 0;
        setLogSink([](const LogRecord& record) {
            taken += record.message.startsWith(QLatin1String("watching")) ? 1 : 0;
        });
        EngineOptions options;
        options.publishEvery = 0ms;
        Window window(options);
        QTRY_VERIFY_WITH_TIMEOUT(window.newest, 20'000);
        const quint64 before = window.newest->sequence;
        const int received = window.received;
        for (int i = 1; i <= 20; ++i) { // all the while the window's event loop does not run
            window.engine.submit(
                command::AddSource{at(QUrl(QStringLiteral("http://127.0.0.1:1")))});
            while (taken < i)
                std::this_thread::yield();
        }
        QTRY_VERIFY_WITH_TIMEOUT(window.newest->sequence >= before + 10, 20'000);
        QVERIFY2(window.received <= received + 5, qPrintable(QString::number(window.received)));
        setLogSink({});
    }

    void aTestTellsItsSteps() {
        PartAServer server;
        server.setAccount(QStringLiteral("ops@example.org"), QStringLiteral("x"));
        Window window;
        SourceConfig config = at(server.url());
        config.email = QStringLiteral("ops@example.org");
        config.secret = QStringLiteral("x");
        window.engine.submit(command::TestSource{config});
        QTRY_VERIFY_WITH_TIMEOUT(window.newest && window.newest->sourceTest &&
                                     window.newest->sourceTest->contains(QLatin1String("Clock")),
                                 20'000);
        const QString lines = *window.newest->sourceTest;
        for (const char* step : {"ok Resolve", "ok Connect", "ok TLS", "ok Sign in", "part A only",
                                 "ok Clock", "part B of the contract"})
            QVERIFY2(lines.contains(QLatin1String(step)), qPrintable(lines));
        QVERIFY(!lines.contains(QLatin1String("FAILED")));
        config.secret = QStringLiteral("wrong");
        window.engine.submit(command::TestSource{config});
        QTRY_VERIFY_WITH_TIMEOUT(
            window.newest->sourceTest->contains(QLatin1String("FAILED Sign in")), 20'000);
        server.stop();
        window.engine.submit(command::TestSource{config});
        QTRY_VERIFY_WITH_TIMEOUT(
            window.newest->sourceTest->contains(QLatin1String("FAILED Connect")), 20'000);
    }

    void endsWhileMuchIsUnderWay() {
        PartAServer server;
        for (int i = 0; i < 50; ++i)
            server.add(QString::number(i));
        EngineOptions options;
        options.sources = {at(server.url())};
        Window window(options);
        QTRY_VERIFY_WITH_TIMEOUT(window.is(Freshness::Live), 20'000);
        server.setFault(QStringLiteral("*"), faults::silence());
        command::Act act{
            OperationId(QStringLiteral("op")), Action::Terminate, QStringLiteral("why"), {}};
        for (const auto& view : window.newest->instances)
            act.targets.push_back({view->source, view->instance.id});
        window.engine.submit(act);
        window.engine.submit(command::TestSource{at(server.url())});
        window.engine.submit(command::PollNow{});
        QTRY_VERIFY_WITH_TIMEOUT(server.count("DELETE /instances/0") > 0, 20'000);
    }
};

QTEST_GUILESS_MAIN(TestEngineHandle)
#include "tst_enginehandle.moc"
