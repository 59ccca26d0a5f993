#pragma once

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/program.h"

#include <QDirIterator>
#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

namespace vigie::lifecyclekill {

/// Kills a real vigied on SQLite at random moments while instances are asked for, die, recover and
/// are ended in a mock cloud that fails, loses answers and leaves disks behind. Then it is let be,
/// and what is in the cloud must be what was asked for.
class Rounds {
public:
    Rounds(int kills, quint32 seed) : m_kills(kills), m_random(seed) {}

    /// What went wrong; empty when nothing did.
    QString run() {
        qInfo("seed %u", m_random.generate());
        for (int i = 0; i < m_kills; ++i) {
            if (!begin(true))
                return QStringLiteral("no start after %1 kills: ").arg(i) + why();
            const QString wrong = work(i);
            // At a moment that nothing of ours chooses, now and then late enough for verdicts.
            const int longest = m_random.bounded(5) == 0 ? 5000 : 700;
            if (m_vigied->waitForEnd(m_random.bounded(20, longest)))
                return QStringLiteral("it ended by itself: ") + why();
            m_vigied->kill9();
            if (!wrong.isEmpty())
                return QStringLiteral("%1 kills: %2").arg(i).arg(wrong);
            if (m_random.bounded(3) == 0)
                stopOneMachine();
        }
        if (!begin(false))
            return QStringLiteral("no start at the end: ") + why();
        return converges();
    }

private:
    static constexpr int most = 12; ///< instances at a time

    bool begin(bool trouble) {
        m_vigied = std::make_unique<Program>(QStringLiteral("vigied"));
        const auto set = [this](const QString& name, const char* value) {
            m_vigied->setEnvironment(QStringLiteral("VIGIE_") + name, QLatin1String(value));
        };
        m_vigied->setEnvironment(QStringLiteral("XDG_DATA_HOME"), m_folder.path());
        const QString mock = QStringLiteral("PROVIDERS_MOCK_");
        for (const char* stage : {"BOOT", "INSTALL", "LOAD", "LATENCY"})
            set(mock + QLatin1String(stage) + QStringLiteral("_SECONDS"), "0.05");
        set(mock + QStringLiteral("WORKER_HEARTBEAT_INTERVAL_SECONDS"), "0.2");
        set(mock + QStringLiteral("ERROR_RATE"), trouble ? "0.1" : "0");
        set(mock + QStringLiteral("LOST_ANSWER_RATE"), trouble ? "0.2" : "0");
        set(mock + QStringLiteral("VOLUME_LEAK_RATE"), trouble ? "0.4" : "0");
        set(QStringLiteral("WATCHDOG_HEARTBEAT_TIMEOUT_SECONDS"), "2");
        set(QStringLiteral("WATCHDOG_STORM_MINIMUM"), "100");
        set(QStringLiteral("GUARDS_PACE_SECONDS"), "0");
        set(QStringLiteral("GUARDS_BLAST_SHARE"), "1");
        set(QStringLiteral("GUARDS_MAX_TRIES"), "100");
        set(QStringLiteral("GUARDS_IN_FLIGHT"), "100");
        set(QStringLiteral("GUARDS_IN_FLIGHT_PER_POOL"), "100");
        // A worker that stops again while it recovers: the next step of the ladder comes then.
        for (const char* state : {"BOOTING", "INSTALLING", "STARTING"})
            set(QStringLiteral("RECOVERY_%1_TIMEOUT_SECONDS").arg(QLatin1String(state)), "60");
        for (const char* job : {"PROVISIONING", "HEALTH_CHECK", "TERMINATOR", "WORKER_WATCHDOG",
                                "WATCH_DOG", "VOLUME_RECONCILIATION", "RECOVERY"})
            set(QStringLiteral("JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(job)), "0.2");
        for (const char* job : {"WATCH_DOG", "VOLUME_RECONCILIATION"}) {
            const QString key = QStringLiteral("JOBS_%1_").arg(QLatin1String(job));
            set(key + QStringLiteral("ORPHAN_AFTER_SECONDS"), "0.5");
            set(key + QStringLiteral("DELETE_AFTER_SECONDS"), "0.5");
            set(key + QStringLiteral("DELETE_LIMIT"), "100");
            set(key + QStringLiteral("DELETE_SHARE"), "1");
        }
        m_line = m_vigied->startAndListen(
            {QStringLiteral("--provider"), QStringLiteral("mock"), QStringLiteral("--listen"),
             m_address, QStringLiteral("--store"),
             QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("f.db")),
             QStringLiteral("--log-level"), QStringLiteral("warning")});
        if (m_line.isEmpty())
            return false;
        m_address = QStringLiteral("127.0.0.1:%1")
                        .arg(QUrl(m_line.value(QLatin1String("url")).toString()).port());
        m_caller = std::make_unique<Caller>(m_line);
        return true;
    }
    QString why() const { return QString::fromUtf8(m_vigied->standardError().right(3000)); }

    QJsonObject cloud() const {
        QDirIterator files(m_folder.path(), {QStringLiteral("mock-machines.json")}, QDir::Files,
                           QDirIterator::Subdirectories);
        QFile file(files.hasNext() ? files.next() : QString());
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                              : QJsonObject();
    }
    QSet<QString> withStatus(const QString& status) {
        QSet<QString> found;
        for (const QJsonValue& each : m_caller->instances()) {
            if (each.toObject().value(QLatin1String("status")).toString() == status)
                found.insert(each.toObject().value(QLatin1String("id")).toString());
        }
        return found;
    }

    /// What was asked of the daemon that died goes first: the same key, so that it happens once.
    QString work(int round) {
        if (!m_asked.isEmpty()) {
            const QString wrong = ask();
            if (!wrong.isEmpty() || !m_asked.isEmpty())
                return wrong;
        }
        m_ready = withStatus(QStringLiteral("ready"));
        m_asked = QStringLiteral("round-%1").arg(round);
        m_victim = m_wanted >= most || (m_ready.size() > 3 && m_random.bounded(3) == 0)
                       ? (m_ready.isEmpty() ? QString() : *m_ready.cbegin())
                       : QString();
        if (m_wanted >= most && m_victim.isEmpty())
            m_asked.clear();
        return m_asked.isEmpty() ? QString() : ask();
    }
    QString ask() {
        HttpRequest request =
            m_victim.isEmpty()
                ? m_caller->request("POST", QStringLiteral("/deployments"),
                                    "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                                    "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}")
                : m_caller->request("DELETE", QStringLiteral("/instances/") + m_victim);
        request.headers.emplaceBack("Idempotency-Key", m_asked.toUtf8());
        const Answered answer = m_caller->call(std::move(request));
        if (answer.status == 0)
            return {}; // asked again after the next start
        const bool taken = answer.status == 202 || answer.status == 200;
        // One that was replaced or fell ill meanwhile is not ended: nothing is asked for then.
        if (!taken && m_victim.isEmpty())
            return QStringLiteral("not taken: %1 ").arg(answer.status) +
                   QString::fromUtf8(answer.body);
        if (taken)
            m_wanted += m_victim.isEmpty() ? 1 : -1;
        m_asked.clear();
        return {};
    }

    /// While nobody looks, a machine that has served stops: its worker is dead after the next
    /// start.
    void stopOneMachine() {
        QJsonObject whole = cloud();
        QJsonArray machines = whole.value(QLatin1String("machines")).toArray();
        if (machines.isEmpty())
            return;
        const qsizetype at = m_random.bounded(machines.size());
        QJsonObject machine = machines.at(at).toObject();
        if (!m_ready.contains(machine.value(QLatin1String("instance_id")).toString()))
            return; // a first start that stands still fails by its time limit, and stays failed
        machine.insert(QLatin1String("running"), false);
        machines.replace(at, machine);
        whole.insert(QLatin1String("machines"), machines);
        QDirIterator files(m_folder.path(), {QStringLiteral("mock-machines.json")}, QDir::Files,
                           QDirIterator::Subdirectories);
        QFile file(files.next());
        if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            file.write(QJsonDocument(whole).toJson());
    }

    QString converges() {
        while (!m_asked.isEmpty()) {
            if (const QString wrong = ask(); !wrong.isEmpty())
                return wrong;
        }
        const auto settled = [this] {
            const QJsonObject now = cloud();
            int ready = 0, over = 0;
            const QJsonArray all = m_caller->instances();
            for (const QJsonValue& each : all) {
                const QString status = each.toObject().value(QLatin1String("status")).toString();
                ready += status == QLatin1String("ready");
                over +=
                    status == QLatin1String("terminated") || status == QLatin1String("archived");
            }
            return ready == m_wanted && ready + over == all.size() &&
                   now.value(QLatin1String("machines")).toArray().size() == m_wanted &&
                   now.value(QLatin1String("left_volumes")).toArray().isEmpty();
        };
        if (QTest::qWaitFor(settled, 180'000))
            return {};
        QJsonArray states;
        for (const QJsonValue& each : m_caller->instances()) {
            const QJsonObject row = each.toObject();
            if (row.value(QLatin1String("status")) != QLatin1String("terminated"))
                states.append(QJsonObject{
                    {QStringLiteral("id"), row.value(QLatin1String("id"))},
                    {QStringLiteral("status"), row.value(QLatin1String("status"))},
                    {QStringLiteral("assessment"), row.value(QLatin1String("assessment"))}});
        }
        return QStringLiteral("%1 are wanted, but there are: ").arg(m_wanted) +
               QString::fromUtf8(QJsonDocument(states).toJson()) +
               QStringLiteral("\nin the cloud: ") +
               QString::fromUtf8(QJsonDocument(cloud()).toJson().left(6000)) + why();
    }

    int m_kills, m_wanted = 0;
    QRandomGenerator m_random;
    QTemporaryDir m_folder;
    QString m_address = QStringLiteral("127.0.0.1:0");
    QJsonObject m_line;
    std::unique_ptr<Program> m_vigied;
    std::unique_ptr<Caller> m_caller;
    QSet<QString> m_ready; ///< when the daemon that died had just started
    QString m_asked;       ///< the key of what was asked and not answered; empty: nothing
    QString m_victim;      ///< whose end was asked for; empty: a deployment
};

} // namespace vigie::lifecyclekill
