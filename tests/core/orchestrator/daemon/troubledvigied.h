#pragma once

#include "tests/support/program.h"

#include <memory>

namespace vigie::lifecyclekill {

/// A real vigied, on SQLite unless told else, that is begun again and again at one address, with
/// all its jobs at short intervals, over a mock cloud that fails, loses answers and leaves disks
/// behind.
class TroubledVigied {
public:
    /// What outlives the process is in `folder`.
    explicit TroubledVigied(QString folder, QString store = {})
        : m_folder(std::move(folder)),
          m_store(store.isEmpty() ? QStringLiteral("sqlite:") + m_folder + QStringLiteral("/f.db")
                                  : std::move(store)) {}
    const QString& store() const { return m_store; }

    /// Without `trouble` the cloud does what it is told. False with why() when it does not listen.
    bool begin(bool trouble) {
        m_program = std::make_unique<Program>(QStringLiteral("vigied"));
        const auto set = [this](const QString& name, const char* value) {
            m_program->setEnvironment(QStringLiteral("VIGIE_") + name, QLatin1String(value));
        };
        m_program->setEnvironment(QStringLiteral("XDG_DATA_HOME"), m_folder);
        const QString mock = QStringLiteral("PROVIDERS_MOCK_");
        for (const char* stage : {"BOOT", "INSTALL", "LOAD", "LATENCY"})
            set(mock + QLatin1String(stage) + QStringLiteral("_SECONDS"), "0.05");
        set(mock + QStringLiteral("WORKER_HEARTBEAT_INTERVAL_SECONDS"), "0.2");
        set(mock + QStringLiteral("ERROR_RATE"), trouble ? "0.1" : "0");
        set(mock + QStringLiteral("LOST_ANSWER_RATE"), trouble ? "0.2" : "0");
        set(mock + QStringLiteral("VOLUME_LEAK_RATE"), trouble ? "0.4" : "0");
        set(QStringLiteral("STORE_LEASE_SECONDS"), "2");
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
        set(QStringLiteral("JOBS_VOLUME_RECONCILIATION_RETRY_BACKOFF_SECONDS"), "5");
        m_line = m_program->startAndListen(
            {QStringLiteral("--provider"), QStringLiteral("mock"), QStringLiteral("--listen"),
             m_address, QStringLiteral("--store"), m_store, QStringLiteral("--log-level"),
             QStringLiteral("warning")});
        if (m_line.isEmpty())
            return false;
        m_address = QStringLiteral("127.0.0.1:%1")
                        .arg(QUrl(m_line.value(QLatin1String("url")).toString()).port());
        return true;
    }
    Program& program() { return *m_program; }
    const QJsonObject& line() const { return m_line; }
    QString why() const { return QString::fromUtf8(m_program->standardError().right(3000)); }

private:
    QString m_folder, m_store;
    QString m_address = QStringLiteral("127.0.0.1:0");
    QJsonObject m_line;
    std::unique_ptr<Program> m_program;
};

} // namespace vigie::lifecyclekill
