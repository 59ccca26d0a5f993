#include "tests/bench/controlplane/daemonunderload.h"

#include "core/base/systemclock.h"
#include "core/orchestrator/secrets.h"
#include "core/store/store.h"
#include "tests/support/await.h"

#include <QEventLoop>
#include <QFile>
#include <QJsonObject>
#include <QTimer>

#include <atomic>
#include <thread>
#include <unistd.h>

namespace vigie {

namespace {

constexpr int rowsASet = 500;

template <typename T>
T orDie(Outcome<T> outcome) {
    if (!outcome)
        qFatal("%s", qPrintable(outcome.error().message));
    if constexpr (!std::is_void_v<T>)
        return std::move(*outcome);
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("can't read %s", qPrintable(path));
    return file.readAll();
}

void write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write %s", qPrintable(path));
}

} // namespace

DaemonUnderLoad::DaemonUnderLoad(const QString& storeUrl, int instances, Jobs jobs) {
    fill(storeUrl, instances, jobs);
    const QString policy = m_folder.filePath(QStringLiteral("policy.toml"));
    QByteArray text = "[automation]\nmode = \"observe\"\n"
                      "[providers.mock]\nsimulate_workers = false\n"
                      "[jobs.health-check]\ninterval_seconds = 86400\n";
    for (const char* job : {"worker-watchdog", "watch-dog", "recovery", "volume-reconciliation",
                            "provisioning", "terminator"}) {
        if (jobs == Jobs::Off)
            text += "[jobs." + QByteArray(job) + "]\ninterval_seconds = 86400\n";
    }
    write(policy, text);
    const QJsonObject line =
        m_daemon.startAndListen({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                 QStringLiteral("--store"), storeUrl, QStringLiteral("--provider"),
                                 QStringLiteral("mock"), QStringLiteral("--policy"), policy},
                                60'000);
    m_port = quint16(QUrl(line.value(QStringLiteral("url")).toString()).port(0));
    if (m_port == 0)
        qFatal("vigied does not listen: %s", m_daemon.standardError().right(2000).constData());
    m_adminToken = contentOf(line.value(QStringLiteral("token_file")).toString()).trimmed();
}

void DaemonUnderLoad::fill(const QString& storeUrl, int instances, Jobs jobs) {
    const SystemClock clock;
    const auto store = orDie(openStore(storeUrl));
    ChangeSet set;
    const WallTime now = clock.wallNow();
    for (int i = 0; i < instances; ++i) {
        const Secret secret = newSecret();
        InstanceRecord record;
        Instance& instance = record.instance;
        instance.id = InstanceId(newUuid());
        instance.status = InstanceStatus::Ready;
        instance.providerName = QStringLiteral("mock");
        instance.zone = QStringLiteral("zone-1");
        instance.region = QStringLiteral("region");
        instance.instanceType = QStringLiteral("H100-1-80G");
        instance.modelId = QStringLiteral("mistral-small");
        instance.modelName = instance.modelCode = instance.modelId;
        if (jobs == Jobs::On) // else the probes, which run once at the start, have nobody to ask
            instance.providerInstanceId = newUuid();
        instance.createdAt = instance.stateSince = instance.readyAt = now;
        instance.costPerHour = 2.73;
        instance.gpuCount = 1;
        instance.incarnation = 1;
        instance.progressPercent = 100;
        instance.pool = QStringLiteral("mock/zone-1/mistral-small");
        record.workerTokenHash = secret.hash;
        record.workerId = QStringLiteral("w");
        m_workers.push_back({instance.id, secret.plain.toUtf8()});
        set.inserts.push_back(std::move(record));
        if (set.inserts.size() == rowsASet || i + 1 == instances)
            orDie(*await(store->commit(std::exchange(set, {}))));
    }
}

double DaemonUnderLoad::cpuSeconds() const {
    const QByteArray stat = contentOf(QStringLiteral("/proc/%1/stat").arg(m_daemon.pid()));
    const QByteArrayList fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toDouble() + fields.value(12).toDouble()) /
           double(::sysconf(_SC_CLK_TCK));
}

double DaemonUnderLoad::residentBytes() const {
    const QByteArray statm = contentOf(QStringLiteral("/proc/%1/statm").arg(m_daemon.pid()));
    return statm.split(' ').value(1).toDouble() * double(::sysconf(_SC_PAGESIZE));
}

void besideEvents(const std::function<void()>& work) {
    std::atomic<bool> done{false};
    std::jthread thread([&] {
        work();
        done = true;
    });
    // Not processEvents() in a loop, which would take the processor from what is measured.
    while (!done)
        runEventsFor(0.02);
}

void runEventsFor(double seconds) {
    QEventLoop loop;
    QTimer::singleShot(int(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace vigie
