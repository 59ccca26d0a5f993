#include "core/base/systemclock.h"
#include "core/providers/process/processprovider.h"
#include "tests/core/providers/awaited.h"
#include "tests/support/faultyserver.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString tag = QStringLiteral("vigie-instance:i-1");
const QString cluster = QStringLiteral("vigie-cluster:c-1");

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestProcessProvider : public QObject {
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<FaultyServer> m_controlPlane;
    std::unique_ptr<ProcessProvider> m_provider;
    std::stop_source m_stop;

    QString root() const { return m_directory->filePath(QStringLiteral("machines")); }
    QString slot(const Machine& m) const { return root() + QLatin1Char('/') + m.id.value(); }

    void openProvider(Duration stopLimit = 5s) {
        ProcessProviderOptions options;
        options.root = root();
        options.workerProgram = QStringLiteral(VIGIE_BIN_DIR "/vigie-worker");
        options.heartbeatInterval = 50ms;
        options.stopLimit = stopLimit;
        auto opened = ProcessProvider::open(m_clock, options);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        m_provider = std::move(*opened);
    }
    CreateMachine request(const char* secret = "first") const {
        CreateMachine r;
        r.tag = tag;
        r.clusterTag = cluster;
        r.zone = QStringLiteral("local-1");
        r.instanceType = QStringLiteral("local.worker");
        r.boot = boot(secret);
        return r;
    }
    WorkerBoot boot(const char* secret) const {
        return {InstanceId(QStringLiteral("i-1")), m_controlPlane->url(QString()),
                QString::fromLatin1(secret), QStringLiteral("llama")};
    }
    Machine create(const CreateMachine& r) {
        const auto machine = awaited(m_provider->create(r, m_stop.get_token()));
        if (!machine)
            qFatal("%s", qPrintable(machine.error().message));
        return *machine;
    }
    Machine create() { return create(request()); }
    MachineState state(const Machine& m) {
        const auto now = awaited(m_provider->describe(m.id, m_stop.get_token()));
        return now ? now->state : MachineState::Unknown;
    }
    Outcome<void> command(const Machine& m, MachineCommandKind kind,
                          std::optional<WorkerBoot> b = {}) {
        MachineCommand c{kind, m.id, std::move(b)};
        return awaited(m_provider->command(std::move(c), m_stop.get_token()));
    }
    ProcessIdentity process(const Machine& m) const {
        const auto p = decodeProcess(contents(slot(m) + QStringLiteral("/process.json")));
        return p ? *p : ProcessIdentity();
    }
    bool heard(const QByteArray& authorization, qsizetype from = 0) const {
        const auto& all = m_controlPlane->requests();
        for (qsizetype i = from; i < all.size(); ++i)
            if (all[i].target == "/internal/worker/heartbeat" &&
                all[i].header("Authorization") == authorization)
                return true;
        return false;
    }
    std::vector<Machine> list(const QString& t) {
        return awaited(m_provider->machines(t, m_stop.get_token())).value();
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_controlPlane = std::make_unique<FaultyServer>();
        m_controlPlane->play({faults::json(200, "{}")});
        openProvider();
    }
    void cleanup() {
        const auto all = awaited(m_provider->machines({}, m_stop.get_token()));
        if (all)
            for (const Machine& machine : *all)
                QVERIFY(command(machine, MachineCommandKind::Delete));
        m_provider.reset();
    }

    void aMachineIsARealWorker() {
        const Machine machine = create();
        QVERIFY(machine.state == MachineState::Running);
        QCOMPARE(machine.address, QStringLiteral("127.0.0.1"));
        QCOMPARE(machine.tags, (QStringList{tag, cluster}));
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer first"), 20'000);
        // The secret is in no argument, in no variable, and readable by its owner alone.
        const QString proc = QStringLiteral("/proc/%1/").arg(process(machine).pid);
        QVERIFY(!contents(proc + QStringLiteral("cmdline")).contains("first"));
        QVERIFY(!contents(proc + QStringLiteral("environ")).contains("first"));
        QVERIFY(contents(proc + QStringLiteral("environ")).contains("INSTANCE_ID=i-1"));
        QCOMPARE(QFile::permissions(slot(machine) + QStringLiteral("/secret")) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
        QVERIFY(contents(slot(machine) + QStringLiteral("/stdout.log")).contains("listening"));
        QVERIFY(!contents(slot(machine) + QStringLiteral("/machine.json")).contains("first"));
    }

    void creatingTwiceByTagGivesOneMachine() {
        const Machine first = create();
        const Machine second = create();
        QCOMPARE(second.id.value(), first.id.value());
        QCOMPARE(list(tag).size(), size_t(1));
        CreateMachine other = request();
        other.tag = QStringLiteral("vigie-instance:i-2");
        QVERIFY(create(other).id != first.id);
        QCOMPARE(list(cluster).size(), size_t(2));
        QCOMPARE(list(other.tag).size(), size_t(1));
        QVERIFY(list(QStringLiteral("nobody's")).empty());
    }

    void aKilledProcessIsAStoppedMachine() {
        const Machine machine = create();
        osprocess::send(process(machine), SIGKILL);
        QTRY_VERIFY(state(machine) == MachineState::Stopped);
        QVERIFY(command(machine, MachineCommandKind::Start));
        QVERIFY(state(machine) == MachineState::Running);
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer first"), 20'000);
    }

    void aRemovedSlotIsAnAbsentMachine() {
        const Machine machine = create();
        const ProcessIdentity worker = process(machine);
        QVERIFY(QDir(slot(machine)).removeRecursively());
        QVERIFY(state(machine) == MachineState::Absent);
        QTRY_VERIFY_WITH_TIMEOUT(!osprocess::alive(worker),
                                 20'000); // a machine that is gone runs nothing
        QVERIFY(list(tag).empty());
        const auto start = command(machine, MachineCommandKind::Start);
        QVERIFY(!start && start.error().kind == FailureKind::NotFound);
        QVERIFY(command(machine, MachineCommandKind::Delete)); // repeating is no mistake
    }

    void doubtIsNeverAbsence() {
        const Machine machine = create();
        const QString json = slot(machine) + QStringLiteral("/machine.json");
        const QByteArray good = contents(json);
        QFile file(json);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        const auto torn = awaited(m_provider->describe(machine.id, m_stop.get_token()));
        QVERIFY(!torn && torn.error().kind == FailureKind::Malformed);
        QVERIFY(torn.error().message.contains(json));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(good);
        file.close();
        QVERIFY(state(machine) == MachineState::Running);

        // The whole root away (a disk that is not mounted) says nothing about one machine.
        const QString aside = root() + QStringLiteral(".aside");
        QVERIFY(QDir().rename(root(), aside));
        const auto away = awaited(m_provider->describe(machine.id, m_stop.get_token()));
        QVERIFY(!away && away.error().kind == FailureKind::Storage);
        QVERIFY(!awaited(m_provider->machines(tag, m_stop.get_token())));
        QVERIFY(QDir().rename(aside, root()));
        QVERIFY(osprocess::alive(process(machine)));

        for (const char* id : {"", "../x", "m-../x", "i-1", "m-ABC", "m-1/../../etc"}) {
            const auto foreign =
                awaited(m_provider->describe(MachineId(QLatin1String(id)), m_stop.get_token()));
            QVERIFY2(!foreign && foreign.error().kind == FailureKind::Invalid, id);
        }
    }

    void aNewProviderFindsTheMachines() {
        const Machine machine = create();
        const ProcessIdentity worker = process(machine);
        openProvider();
        QVERIFY(state(machine) == MachineState::Running);
        QVERIFY(process(machine) == worker);
        QCOMPARE(create().id.value(), machine.id.value());
        QVERIFY(command(machine, MachineCommandKind::Stop));
        QVERIFY(!osprocess::alive(worker));
        openProvider();
        QVERIFY(state(machine) == MachineState::Stopped);
    }

    void aRecycledPidIsNotOurs() {
        const Machine machine = create();
        const ProcessIdentity worker = process(machine);
        QVERIFY(osprocess::send(worker, SIGKILL));
        QTRY_VERIFY_WITH_TIMEOUT(!osprocess::alive(worker), 20'000);
        // The pid now belongs to somebody else: this very test.
        QFile record(slot(machine) + QStringLiteral("/process.json"));
        QVERIFY(record.open(QIODevice::WriteOnly));
        record.write(encodeProcess({QCoreApplication::applicationPid(), 1, worker.bootId}));
        record.close();
        QVERIFY(state(machine) == MachineState::Stopped);
        QVERIFY(command(machine, MachineCommandKind::Stop)); // and we are still here
        QVERIFY(command(machine, MachineCommandKind::Start));
        QVERIFY(process(machine).pid != QCoreApplication::applicationPid());
    }

    void aCrashBetweenSpawnAndRecordLosesNothing() {
        const Machine machine = create();
        const ProcessIdentity worker = process(machine);
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer first"), 20'000);
        QVERIFY(QFile::remove(slot(machine) + QStringLiteral("/process.json")));
        openProvider();
        QVERIFY(state(machine) == MachineState::Running);
        QVERIFY(command(machine, MachineCommandKind::Start));
        QVERIFY(process(machine) == worker); // found, not started a second time
    }

    void aCrashWithinCreateIsFinishedByTheNext() {
        const Machine machine = create(request("lost"));
        const ProcessIdentity worker = process(machine);
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer lost"), 20'000);
        QVERIFY(QFile::remove(slot(machine) + QStringLiteral("/process.json")));
        // The caller made a new secret, because the old one died with it.
        const Machine again = create(request("second"));
        QCOMPARE(again.id.value(), machine.id.value());
        QVERIFY(!osprocess::alive(worker));
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer second"), 20'000);
        QCOMPARE(list(tag).size(), size_t(1));
    }

    void halfMadeSlotsAreClearedAway() {
        QVERIFY(QDir().mkpath(root() + QStringLiteral("/.new-m-1/data")));
        QVERIFY(QDir().mkpath(root() + QStringLiteral("/.gone-m-2/data")));
        QVERIFY(QDir().mkpath(root() + QStringLiteral("/notes")));
        openProvider();
        QCOMPARE(QDir(root()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("notes")});
        QVERIFY(list({}).empty());
    }

    void reinstallGivesAFreshDiskAndANewSecret() {
        const Machine machine = create();
        const ProcessIdentity before = process(machine);
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer first"), 20'000);
        const QString left = slot(machine) + QStringLiteral("/data/left");
        QFile file(left);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QVERIFY(command(machine, MachineCommandKind::Reinstall, boot("second")));
        QVERIFY(!osprocess::alive(before));
        QVERIFY(!QFile::exists(left));
        QCOMPARE(contents(slot(machine) + QStringLiteral("/secret")), QByteArray("second"));
        const qsizetype from = m_controlPlane->requests().size();
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer second", from), 20'000);
        QVERIFY(!heard("Bearer first", from));
        QCOMPARE(list(tag).size(), size_t(1));
        const auto without = command(machine, MachineCommandKind::Reinstall);
        QVERIFY(!without && without.error().kind == FailureKind::Invalid);
    }

    void rebootKeepsTheDisk() {
        const Machine machine = create();
        const ProcessIdentity before = process(machine);
        QFile file(slot(machine) + QStringLiteral("/data/kept"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QVERIFY(command(machine, MachineCommandKind::Reboot));
        QVERIFY(!osprocess::alive(before));
        QVERIFY(!(process(machine) == before));
        QVERIFY(file.exists());
        QVERIFY(command(machine, MachineCommandKind::Start)); // runs already: no second process
        QVERIFY(state(machine) == MachineState::Running);
    }

    void whatIgnoresSigtermIsKilledWithoutBlocking() {
        openProvider(200ms);
        const Machine machine = create();
        const ProcessIdentity worker = process(machine);
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer first"), 20'000);
        osprocess::send(worker, SIGSTOP); // it has its handler now, so SIGTERM does nothing
        int turns = 0;
        const Ticker ticker(m_clock, 5ms, [&turns] { ++turns; });
        QVERIFY(command(machine, MachineCommandKind::Stop));
        QVERIFY(turns > 5); // the event loop went on all the while
        QVERIFY(!osprocess::alive(worker));
        QVERIFY(state(machine) == MachineState::Stopped);
    }

    void oneCommandAtATime() {
        openProvider(300ms);
        const Machine machine = create();
        QTRY_VERIFY_WITH_TIMEOUT(heard("Bearer first"), 20'000);
        osprocess::send(process(machine), SIGSTOP);
        std::optional<Outcome<void>> first;
        TaskScope scope;
        scope.spawn([](ProcessProvider& p, MachineId id, std::stop_token stop,
                       std::optional<Outcome<void>>& out) -> Task<> {
            MachineCommand c{MachineCommandKind::Stop, id, {}};
            out = co_await p.command(std::move(c), stop);
        }(*m_provider, machine.id, scope.token(), first));
        const auto second = command(machine, MachineCommandKind::Start);
        QVERIFY(!second && second.error().kind == FailureKind::Overloaded);
        QTRY_VERIFY(first.has_value());
        QVERIFY(*first);
        QVERIFY(command(machine, MachineCommandKind::Start));
    }

    void deleteLeavesNothing() {
        const Machine machine = create();
        const ProcessIdentity worker = process(machine);
        QVERIFY(command(machine, MachineCommandKind::Delete));
        QVERIFY(!osprocess::alive(worker));
        QVERIFY(!QFile::exists(slot(machine)));
        QVERIFY(state(machine) == MachineState::Absent);
        QVERIFY(command(machine, MachineCommandKind::Delete));
        QVERIFY(QDir(root()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void theDiskIsAVolume() {
        const Machine machine = create();
        QCOMPARE(machine.volumes.size(), size_t(1));
        QVERIFY(machine.volumes[0].boot);
        const auto volumes = awaited(m_provider->volumes(cluster, m_stop.get_token()));
        QCOMPARE(volumes->size(), size_t(1));
        QCOMPARE(volumes->at(0).attachedTo.value(), machine.id.value());
        QVERIFY(awaited(m_provider->volumes(QStringLiteral("c-2"), m_stop.get_token()))->empty());
        const QString id = volumes->at(0).id;
        QVERIFY(*awaited(m_provider->hasVolume(id, m_stop.get_token())));
        const auto attached = awaited(m_provider->deleteVolume(id, m_stop.get_token()));
        QVERIFY(!attached && attached.error().kind == FailureKind::Conflict);
        QVERIFY(command(machine, MachineCommandKind::Delete));
        QVERIFY(!*awaited(m_provider->hasVolume(id, m_stop.get_token())));
        QVERIFY(awaited(m_provider->deleteVolume(id, m_stop.get_token())));
        QVERIFY(
            !awaited(m_provider->deleteVolume(QStringLiteral("../x-root"), m_stop.get_token())));
    }

    void whatCantBeHadIsSaid() {
        CreateMachine r = request();
        r.zone = QStringLiteral("mars");
        auto refused = awaited(m_provider->create(r, m_stop.get_token()));
        QVERIFY(!refused && refused.error().kind == FailureKind::Invalid);
        QVERIFY(refused.error().message.contains(QLatin1String("mars")));
        r = request();
        r.instanceType = QStringLiteral("huge");
        refused = awaited(m_provider->create(r, m_stop.get_token()));
        QVERIFY(!refused && refused.error().kind == FailureKind::Invalid);

        ProcessProviderOptions options;
        options.root = root();
        options.workerProgram = QStringLiteral("/nowhere/vigie-worker");
        auto broken = ProcessProvider::open(m_clock, options);
        refused = awaited((*broken)->create(request(), m_stop.get_token()));
        QVERIFY(!refused && refused.error().message.contains(QLatin1String("/nowhere")));
        // The tag is taken all the same: a try with the program in place goes on from there.
        QCOMPARE(list(tag).size(), size_t(1));
        QVERIFY(create().state == MachineState::Running);

        options.root = QStringLiteral("/proc/nowhere");
        const auto noRoot = ProcessProvider::open(m_clock, options);
        QVERIFY(!noRoot && noRoot.error().kind == FailureKind::Storage);
    }
};

QTEST_GUILESS_MAIN(TestProcessProvider)
#include "tst_processprovider.moc"
