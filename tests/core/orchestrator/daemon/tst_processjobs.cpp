#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/orchestratorprocess.h"

#include <QDir>
#include <QDirIterator>
#include <QTest>

#include <csignal>

using namespace vigie;

/// The jobs that compare store and world, with real worker processes: what happens to a machine
/// behind the daemon's back is a directory that goes, or one that nobody asked for.
class TestProcessJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_fleet = std::make_unique<OrchestratorProcess>();
        QVERIFY2(m_fleet->start(policy), qPrintable(m_fleet->why()));
        m_caller = std::make_unique<Caller>(
            QJsonObject{{QStringLiteral("url"), m_fleet->url().toString()},
                        {QStringLiteral("token_file"), m_fleet->tokenFile()}});
    }
    void cleanup() {
        m_caller.reset();
        m_fleet.reset();
    }

    // watch-dog: proved absent, never asked to be deleted; its volume goes in the books too.
    void aSlotThatVanishedIsProvedGone() {
        const QStringList ids = readyOnes(2);
        const QString slot = slotOf(ids[0]);
        QVERIFY(!slot.isEmpty());
        const qint64 worker = OrchestratorProcess::workerOf(ids[0]);
        QVERIFY(worker > 0 && QDir(slot).removeRecursively());
        ::kill(static_cast<pid_t>(worker), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(ids[0]), QStringLiteral("terminated"), 30'000);
        const QJsonObject gone = one(ids[0]);
        QVERIFY(gone.value(QLatin1String("deleted_by_provider")).toBool());
        QCOMPARE(gone.value(QLatin1String("deletion_reason")).toString(),
                 QStringLiteral("provider_deleted"));
        QTRY_VERIFY_WITH_TIMEOUT(volumeStates(ids[0]) == QStringList{QStringLiteral("deleted")},
                                 30'000);
        QCOMPARE(statusOf(ids[1]), QStringLiteral("ready"));
        QVERIFY(volumeStates(ids[1]) == QStringList{QStringLiteral("attached")});
        QCOMPARE(rows("PROVIDER_TERMINATE").size(), 0); // nobody asked the provider for it
    }

    // watch-dog and volume-reconciliation: seen twice, marked, deleted later; with it its disk.
    void aLeftoverSlotIsMarkedThenDeleted() {
        const QStringList ids = readyOnes(2);
        const QString original = slotOf(ids[0]);
        const QString leftover = copyOf(original);
        QVERIFY(!leftover.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(orphans().size() == 1, 30'000);
        QCOMPARE(orphans()[0].toObject().value(QLatin1String("machine_id")).toString(),
                 QFileInfo(leftover).fileName());
        QTRY_VERIFY_WITH_TIMEOUT(!rows("MACHINE_ORPHAN_MARKED").isEmpty(), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(!QFileInfo::exists(leftover), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(orphans().isEmpty(), 30'000);
        QVERIFY(QFileInfo::exists(original));
        for (const QString& id : ids)
            QCOMPARE(statusOf(id), QStringLiteral("ready"));
        const QByteArray volumes =
            m_caller->call(m_caller->request("GET", QStringLiteral("/volumes?orphan=true"))).body;
        QTRY_COMPARE(volumes, QByteArray("[]"));
    }

    // recovery: a start that never comes to its end is told after the limit of its state.
    void aStartThatIsStuckEndsAtItsLimit() {
        QString id, status;
        // One that was ready before it could be stopped is none that is stuck.
        for (int tries = 0; tries < 10 && status != u"startup_failed"; ++tries) {
            id = m_fleet->deploy(1).value(0);
            const auto stopped = [&] {
                const qint64 worker = OrchestratorProcess::workerOf(id);
                return worker > 0 && ::kill(static_cast<pid_t>(worker), SIGSTOP) == 0;
            };
            QTRY_VERIFY_WITH_TIMEOUT(stopped(), 30'000);
            const auto decided = [&] {
                status = statusOf(id);
                return status == u"startup_failed" || status == u"ready";
            };
            QVERIFY(QTest::qWaitFor(decided, 30'000));
        }
        QCOMPARE(status, QStringLiteral("startup_failed"));
        QCOMPARE(one(id).value(QLatin1String("error_code")).toString(),
                 QStringLiteral("STARTUP_TIMEOUT"));
        // It goes on, and a late beat takes it back.
        ::kill(static_cast<pid_t>(OrchestratorProcess::workerOf(id)), SIGCONT);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(id), QStringLiteral("ready"), 30'000);
    }

private:
    QStringList readyOnes(int count) {
        const QStringList ids = m_fleet->deploy(count);
        for (const QString& id : ids) {
            if (!QTest::qWaitFor([&] { return statusOf(id) == u"ready"; }, 60'000))
                qWarning("%s is not ready", qPrintable(id));
        }
        return ids;
    }
    QJsonObject one(const QString& id) {
        return QJsonDocument::fromJson(
                   m_caller->call(m_caller->request("GET", QStringLiteral("/instances/") + id))
                       .body)
            .object();
    }
    QString statusOf(const QString& id) {
        return one(id).value(QLatin1String("status")).toString();
    }
    QStringList volumeStates(const QString& id) {
        QStringList states;
        for (const QJsonValue& each : one(id).value(QLatin1String("storages")).toArray())
            states.append(each.toObject().value(QLatin1String("status")).toString());
        return states;
    }
    QJsonArray rows(const char* type) {
        return QJsonDocument::fromJson(
                   m_caller
                       ->call(m_caller->request("GET", QStringLiteral("/action_logs?action_type=") +
                                                           QLatin1String(type)))
                       .body)
            .array();
    }
    QJsonArray orphans() {
        return QJsonDocument::fromJson(
                   m_caller->call(m_caller->request("GET", QStringLiteral("/orphan_machines")))
                       .body)
            .object()
            .value(QLatin1String("machines"))
            .toArray();
    }
    /// The directory of an instance's machine.
    QString slotOf(const QString& id) {
        const QString machine = one(id).value(QLatin1String("provider_instance_id")).toString();
        QDirIterator it(m_fleet->folder(), {machine}, QDir::Dirs, QDirIterator::Subdirectories);
        return machine.isEmpty() || !it.hasNext() ? QString() : it.next();
    }
    /// Another machine with the same tags but for the instance, which nobody knows.
    static QString copyOf(const QString& slot) {
        QFile from(slot + QStringLiteral("/machine.json"));
        if (!from.open(QIODevice::ReadOnly))
            return {};
        QJsonObject record = QJsonDocument::fromJson(from.readAll()).object();
        const QString name = QStringLiteral("m-") + newUuid();
        const QString stranger = newUuid();
        const QString instance = record.value(QLatin1String("instance_id")).toString();
        QJsonArray tags;
        for (const QJsonValue& tag : record.value(QLatin1String("tags")).toArray())
            tags.append(tag.toString().replace(instance, stranger));
        record.insert(QLatin1String("machine"), name);
        record.insert(QLatin1String("instance_id"), stranger);
        record.insert(QLatin1String("tags"), tags);
        // Made before the newest that the store knows: else the store may be an older one.
        record.insert(QLatin1String("created_at"), QStringLiteral("2026-01-01T00:00:00.000Z"));
        const QString copy = QFileInfo(slot).path() + QLatin1Char('/') + name;
        QFile to(copy + QStringLiteral("/machine.json"));
        const bool made = QDir().mkpath(copy) && to.open(QIODevice::WriteOnly) &&
                          to.write(QJsonDocument(record).toJson()) > 0;
        return made ? copy : QString();
    }

    static inline const QByteArray policy =
        "[recovery]\nbooting_timeout_seconds = 3\ninstalling_timeout_seconds = 3\n"
        "starting_timeout_seconds = 3\n"
        "[jobs.recovery]\ninterval_seconds = 0.2\n"
        "[jobs.watch-dog]\ninterval_seconds = 0.2\norphan_after_seconds = 0.5\n"
        "delete_after_seconds = 1\n"
        "[jobs.volume-reconciliation]\ninterval_seconds = 0.2\norphan_after_seconds = 0.5\n"
        "delete_after_seconds = 1\n"
        "[automation]\nmode = \"act\"\n";

    std::unique_ptr<OrchestratorProcess> m_fleet;
    std::unique_ptr<Caller> m_caller;
};

QTEST_GUILESS_MAIN(TestProcessJobs)
#include "tst_processjobs.moc"
