#include "core/providers/mock/mockprovider.h"
#include "tests/core/providers/awaited.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"

#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString cluster = QStringLiteral("vigie-cluster:c-1");

CreateMachine request(const QString& instance, const QUrl& controlPlane = {}) {
    CreateMachine r;
    r.tag = QStringLiteral("vigie-instance:") + instance;
    r.clusterTag = cluster;
    r.zone = QStringLiteral("mock-a-1");
    r.instanceType = QStringLiteral("mock.gpu-24");
    r.boot = {InstanceId(instance), controlPlane, QStringLiteral("secret-") + instance,
              QStringLiteral("llama")};
    return r;
}

/// A provider on a clock of its own, with a control plane that accepts everything.
struct Rig {
    FakeClock clock;
    QTemporaryDir directory;
    FaultyServer controlPlane;
    MockProviderOptions options;
    std::unique_ptr<MockProvider> provider;
    std::stop_source stop;
    QHash<QString, int> registrations, beats, readyBeats;

    explicit Rig(bool workers) {
        options.stateFile = directory.filePath(QStringLiteral("mock.json"));
        options.latency = 0s;
        options.simulateWorkers = workers;
        controlPlane.setScript([this](const FaultyRequest& r) {
            const QJsonObject body = QJsonDocument::fromJson(r.body).object();
            const QString id = body.value(QLatin1String("instance_id")).toString();
            if (r.target.endsWith("register"))
                ++registrations[id];
            else if (body.value(QLatin1String("status")).toString() == QLatin1String("ready"))
                ++readyBeats[id];
            if (r.target.endsWith("heartbeat"))
                ++beats[id];
            return faults::json(200, "{}");
        });
    }
    void open() {
        provider.reset();
        auto opened = MockProvider::open(clock, options);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        provider = std::move(*opened);
    }
    Outcome<Machine> create(const CreateMachine& r) {
        return awaited(provider->create(r, stop.get_token()));
    }
    Outcome<Machine> describe(const MachineId& id) {
        return awaited(provider->describe(id, stop.get_token()));
    }
    Outcome<void> command(const MachineId& id, MachineCommandKind kind,
                          std::optional<WorkerBoot> boot = {}) {
        MachineCommand c{kind, id, std::move(boot)};
        return awaited(provider->command(std::move(c), stop.get_token()));
    }
    Machine started(const QString& instance) {
        return create(request(instance, controlPlane.url(QString()))).value();
    }
    /// Lets time pass in small steps, so that real answers arrive in between.
    bool pass(const std::function<bool()>& until, Duration atMost = 60s) {
        for (Duration passed{}; passed < atMost && !until(); passed += 500ms) {
            clock.advance(500ms);
            (void)QTest::qWaitFor(until, 20);
        }
        return until();
    }
    bool pass(Duration span) {
        pass([] { return false; }, span);
        return true;
    }
};

} // namespace

class TestMockProvider : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anOrderLeavesOnlyWhileItMay() {
        Rig rig(false);
        rig.options.latency = 5s;
        rig.open();
        bool ours = true;
        rig.provider->askBeforeEachOrder([&ours]() -> std::optional<Failure> {
            if (ours)
                return std::nullopt;
            return Failure{
                FailureKind::Cancelled, QStringLiteral("others took over"), 0, {}, {}, {}};
        });
        const auto ordered = [&rig](bool& mayLeave, bool stays) {
            std::optional<Outcome<Machine>> made;
            const auto ask = [](MockProvider& provider,
                                std::optional<Outcome<Machine>>& out) -> Task<> {
                out.emplace(co_await provider.create(request(QStringLiteral("i-1")), {}));
            };
            const Task<> running = ask(*rig.provider, made);
            mayLeave = stays; // on the way, as for a process that was stopped
            rig.clock.advance(5s);
            return made.has_value() && made->has_value();
        };
        QVERIFY(!ordered(ours, false));
        QVERIFY(rig.provider->fleet().machines().empty());
        QVERIFY(ordered(ours, true));
        QCOMPARE(rig.provider->fleet().machines().size(), size_t(1));
    }

    void machinesComeAndGo() {
        Rig rig(false);
        rig.open();
        const Machine machine = rig.create(request(QStringLiteral("i-1"))).value();
        QVERIFY(machine.state == MachineState::Running);
        // As in a real cloud: who asks twice has two.
        QVERIFY(rig.create(request(QStringLiteral("i-1"))).value().id != machine.id);
        const auto all = awaited(rig.provider->machines(cluster, rig.stop.get_token()));
        QCOMPARE(all->size(), size_t(2));
        QVERIFY(rig.command(machine.id, MachineCommandKind::Stop));
        QVERIFY(rig.describe(machine.id)->state == MachineState::Stopped);
        QVERIFY(rig.command(machine.id, MachineCommandKind::Reboot));
        QVERIFY(rig.describe(machine.id)->state == MachineState::Running);
        QVERIFY(rig.command(machine.id, MachineCommandKind::Delete));
        QVERIFY(rig.command(machine.id, MachineCommandKind::Delete));
        QVERIFY(rig.describe(machine.id)->state == MachineState::Absent);
        const auto start = rig.command(machine.id, MachineCommandKind::Start);
        QVERIFY(!start && start.error().kind == FailureKind::NotFound);
    }

    void whatCantBeHad() {
        Rig rig(false);
        rig.options.outOfStock = {QStringLiteral("mock-b-1/*")};
        rig.open();
        CreateMachine r = request(QStringLiteral("i-1"));
        r.zone = QStringLiteral("mock-b-1");
        auto refused = rig.create(r);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, QStringLiteral("out_of_stock"));
        r.zone = QStringLiteral("mars");
        refused = rig.create(r);
        QVERIFY(!refused && refused.error().kind == FailureKind::Invalid);
        QVERIFY(awaited(rig.provider->machines({}, rig.stop.get_token()))->empty());
    }

    void theApiFailsAsOftenAsTold() {
        Rig rig(false);
        rig.options.errorRate = 0.3;
        rig.open();
        int failures = 0;
        for (int i = 0; i < 500; ++i) {
            const auto answer = rig.describe(MachineId(QStringLiteral("nobody")));
            failures += answer ? 0 : 1;
            QVERIFY(answer || answer.error().kind == FailureKind::ServerError);
            QVERIFY(!answer || answer->state == MachineState::Absent);
        }
        QVERIFY2(failures > 110 && failures < 190, qPrintable(QString::number(failures)));
        rig.options.errorRate = 0;
        rig.options.rateLimitRate = 1;
        rig.open();
        const auto limited = rig.describe(MachineId(QStringLiteral("nobody")));
        QVERIFY(!limited && limited.error().kind == FailureKind::RateLimited);
        QVERIFY(limited.error().retryAfter.has_value());
    }

    void theApiTakesItsTimeAndCanBeGivenUp() {
        Rig rig(false);
        rig.options.latency = 200ms;
        rig.open();
        std::optional<Outcome<Machine>> answer;
        TaskScope scope;
        scope.spawn([](MockProvider& p, std::stop_token stop,
                       std::optional<Outcome<Machine>>& out) -> Task<> {
            out = co_await p.describe(MachineId(QStringLiteral("x")), stop);
        }(*rig.provider, scope.token(), answer));
        rig.clock.advance(199ms);
        QVERIFY(!answer);
        scope.drain();
        QVERIFY(answer && !*answer && answer->error().kind == FailureKind::Cancelled);
    }

    void machinesSurviveARestart() {
        Rig rig(false);
        rig.open();
        const Machine machine = rig.create(request(QStringLiteral("i-1"))).value();
        rig.create(request(QStringLiteral("i-2"))).value();
        QVERIFY(rig.command(machine.id, MachineCommandKind::Stop));
        rig.open();
        QVERIFY(rig.describe(machine.id)->state == MachineState::Stopped);
        QCOMPARE(rig.describe(machine.id)->tags, machine.tags);
        QCOMPARE(rig.provider->fleet().machines().size(), size_t(2));
        QCOMPARE(QFile::permissions(rig.options.stateFile) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions()); // it holds bootstrap secrets
    }

    void aTornStateFileIsNotAnEmptyCloud_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut") << QByteArray("{\"machines\": [{\"id\": \"m");
        QTest::newRow("another file") << QByteArray(R"({"fleet": 1})");
        QTest::newRow("a machine without tags")
            << QByteArray(R"({"machines": [{"id": "m-1", "instance_id": "i"}]})");
    }
    void aTornStateFileIsNotAnEmptyCloud() {
        QFETCH(QByteArray, text);
        Rig rig(false);
        QFile file(rig.options.stateFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto opened = MockProvider::open(rig.clock, rig.options);
        QVERIFY(!opened && opened.error().kind == FailureKind::Malformed);
        QVERIFY(opened.error().message.contains(rig.options.stateFile));
    }

    void disks() {
        Rig rig(false);
        rig.options.volumeLeakRate = 1;
        rig.open();
        const Machine machine = rig.create(request(QStringLiteral("i-1"))).value();
        QCOMPARE(machine.volumes.size(), size_t(1));
        const QString volume = machine.volumes[0].id;
        const auto attached = awaited(rig.provider->deleteVolume(volume, rig.stop.get_token()));
        QVERIFY(!attached && attached.error().kind == FailureKind::Conflict);
        QVERIFY(rig.command(machine.id, MachineCommandKind::Delete));
        rig.open(); // the leaked disk is still there after a restart
        const auto left = awaited(rig.provider->volumes(cluster, rig.stop.get_token()));
        QCOMPARE(left->size(), size_t(1));
        QVERIFY(left->at(0).attachedTo.isEmpty());
        QVERIFY(*awaited(rig.provider->hasVolume(volume, rig.stop.get_token())));
        QVERIFY(awaited(rig.provider->deleteVolume(volume, rig.stop.get_token())));
        QVERIFY(awaited(rig.provider->deleteVolume(volume, rig.stop.get_token())));
        QVERIFY(!*awaited(rig.provider->hasVolume(volume, rig.stop.get_token())));
        QVERIFY(awaited(rig.provider->volumes({}, rig.stop.get_token()))->empty());
    }

    void workersGoThroughTheStagesOfAStart() {
        Rig rig(true);
        rig.open();
        const QString id = QStringLiteral("i-1");
        rig.started(id);
        rig.pass(2s); // boot takes 4 s -+ 30 %
        QCOMPARE(rig.registrations[id], 0);
        QVERIFY(rig.pass([&] { return rig.registrations[id] == 1; }, 6s));
        QCOMPARE(rig.beats[id], 0); // installing
        QVERIFY(rig.pass([&] { return rig.beats[id] > 0; }, 10s));
        QCOMPARE(rig.readyBeats[id], 0); // starting
        QVERIFY(rig.pass([&] { return rig.readyBeats[id] > 0; }, 20s));
        QCOMPARE(rig.registrations[id], 1);
        QVERIFY(rig.provider->fleet().machines().front().everReady);
    }

    void trouble() {
        Rig rig(true);
        rig.open();
        MockFleet& fleet = rig.provider->fleet();
        QHash<QString, MachineId> machines;
        for (const char* name : {"crash", "silent", "agent", "hung", "vanish", "well"})
            machines[QLatin1String(name)] = rig.started(QLatin1String(name)).id;
        const auto count = [&](const char* name) { return rig.readyBeats[QLatin1String(name)]; };
        QVERIFY(rig.pass([&] {
            return count("crash") && count("silent") && count("agent") && count("hung") &&
                   count("vanish") && count("well");
        }));
        const auto at = [&](const char* name) { return machines[QLatin1String(name)]; };
        fleet.inject(at("crash"), MockFault::Crash, 0s);
        fleet.inject(at("silent"), MockFault::Silent, 30s);
        fleet.inject(at("agent"), MockFault::AgentDead, 30s);
        fleet.inject(at("hung"), MockFault::Hung, 30s);
        fleet.inject(at("vanish"), MockFault::Vanish, 0s);
        QVERIFY(rig.describe(at("crash"))->state == MachineState::Stopped);
        QVERIFY(rig.describe(at("silent"))->state == MachineState::Running);
        QVERIFY(rig.describe(at("vanish"))->state == MachineState::Absent);

        const auto ask = [&](const char* name, const char* path) {
            const SimulatedWorker* worker = fleet.workerOf(at(name));
            if (!worker)
                return -1;
            HttpClient client(rig.clock);
            HttpRequest r;
            r.url = QUrl(QStringLiteral("http://127.0.0.1:%1%2")
                             .arg(worker->port())
                             .arg(QLatin1String(path)));
            std::optional<Outcome<HttpReply>> reply;
            TaskScope scope;
            scope.spawn([](HttpClient& c, HttpRequest q, std::stop_token stop,
                           std::optional<Outcome<HttpReply>>& out) -> Task<> {
                out = co_await c.send(std::move(q), stop);
            }(client, r, scope.token(), reply));
            (void)QTest::qWaitFor([&] { return reply.has_value(); }, 500);
            return reply && *reply ? (*reply)->status : 0;
        };
        rig.pass(5s); // a look at the model
        QCOMPARE(ask("well", "/readyz"), 200);
        QCOMPARE(ask("agent", "/v1/models"), 200); // serves without beating
        QCOMPARE(ask("silent", "/readyz"), -1);
        QCOMPARE(ask("hung", "/healthz"), 200);
        QCOMPARE(ask("hung", "/v1/models"), 0); // beats without serving
        QCOMPARE(ask("hung", "/readyz"), 503);

        const QHash<QString, int> before = rig.beats;
        rig.pass(10s);
        const auto beatsSince = [&](const char* name) {
            return rig.beats[QLatin1String(name)] - before[QLatin1String(name)];
        };
        QCOMPARE(beatsSince("crash"), 0);
        QCOMPARE(beatsSince("silent"), 0);
        QCOMPARE(beatsSince("agent"), 0);
        QVERIFY(beatsSince("hung") > 0);
        QVERIFY(beatsSince("well") > 0);

        rig.pass(20s); // what heals by itself has healed
        QVERIFY(rig.pass([&] { return beatsSince("silent") > 0 && beatsSince("agent") > 0; }));
        QVERIFY(rig.pass([&] { return ask("hung", "/readyz") == 200; }));
        QCOMPARE(beatsSince("crash"), 0);

        // Reinstalled, with a new secret, it comes back through all stages.
        WorkerBoot boot = request(QStringLiteral("crash"), rig.controlPlane.url(QString())).boot;
        boot.bootstrapSecret = QStringLiteral("new");
        QVERIFY(rig.command(at("crash"), MachineCommandKind::Reinstall, boot));
        QVERIFY(rig.pass([&] { return beatsSince("crash") > 0; }));
        QVERIFY(rig.describe(at("crash"))->state == MachineState::Running);
        bool newSecret = false;
        for (const FaultyRequest& r : rig.controlPlane.requests())
            newSecret |= r.header("Authorization") == "Bearer new";
        QVERIFY(newSecret);
    }

    void aRestartedDaemonFindsItsWorkersReady() {
        Rig rig(true);
        rig.open();
        const QString id = QStringLiteral("i-1");
        rig.started(id);
        QVERIFY(rig.pass([&] { return rig.readyBeats[id] > 0; }));
        rig.open();
        rig.readyBeats.clear();
        QVERIFY(rig.pass([&] { return rig.readyBeats[id] > 0; }, 6s)); // no second boot
    }

    void aLivelyFleetIsTroubledWithinItsLimit() {
        Rig rig(true);
        rig.options.boot = rig.options.install = rig.options.load = 0s;
        rig.options.heartbeatInterval = 60s;
        rig.options.faults.every = 2s;
        rig.options.faults.lasts = 20s;
        rig.options.faults.vanish = 0;
        rig.open();
        constexpr int size = 40;
        for (int i = 0; i < size; ++i)
            rig.started(QString::number(i));
        const MockFleet& fleet = rig.provider->fleet();
        int most = 0, faults = 0;
        QSet<MachineId> hit;
        for (int step = 0; step < 600; ++step) {
            rig.clock.advance(200ms);
            int troubled = 0;
            for (const MockMachine& machine : fleet.machines()) {
                const bool bad = !machine.running || fleet.faultOf(machine.id) != MockFault::None;
                troubled += bad ? 1 : 0;
                if (bad && !hit.contains(machine.id)) {
                    hit.insert(machine.id);
                    ++faults;
                }
            }
            most = std::max(most, troubled);
        }
        QVERIFY2(faults >= 5, qPrintable(QString::number(faults)));
        QVERIFY2(most <= size / 5, qPrintable(QString::number(most)));
    }
};

QTEST_GUILESS_MAIN(TestMockProvider)
#include "tst_mockprovider.moc"
