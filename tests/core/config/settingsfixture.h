#pragma once

#include "core/config/settings.h"

#include <QFile>
#include <QTemporaryDir>

namespace vigie {

inline SettingSpec spec(const char* section, const char* key, SettingType type, QVariant fallback) {
    SettingSpec s;
    s.section = QString::fromLatin1(section);
    s.key = QString::fromLatin1(key);
    s.type = type;
    s.fallback = std::move(fallback);
    return s;
}

/// A small program with a key of every type.
inline std::vector<SettingSpec> specs() {
    SettingSpec listen = spec("", "listen", SettingType::Text, QStringLiteral("127.0.0.1:8003"));
    listen.flag = QStringLiteral("listen");
    SettingSpec store = spec("", "format", SettingType::Text, QStringLiteral("json"));
    store.allowed = {QStringLiteral("json"), QStringLiteral("text")};
    SettingSpec token = spec("", "token", SettingType::Text, QString());
    token.secret = true;
    SettingSpec interval =
        spec("jobs.worker-watchdog", "interval_seconds", SettingType::Seconds, 10.0);
    interval.minimum = 0.05;
    interval.maximum = 3600;
    SettingSpec enabled = spec("jobs.worker-watchdog", "recovery", SettingType::Boolean, true);
    enabled.seedVariable = QStringLiteral("WORKER_DEAD_RECOVERY_ENABLED");
    enabled.flag = QStringLiteral("recovery");
    SettingSpec threshold = spec("watchdog", "threshold_seconds", SettingType::Seconds, 300);
    threshold.seedVariable = QStringLiteral("WORKER_HEARTBEAT_TIMEOUT_SECONDS");
    threshold.flag = QStringLiteral("threshold");
    SettingSpec health = spec("health", "interval_seconds", SettingType::Seconds, 30);
    health.minimum = 0.1;
    health.maximum = 60;
    health.seedVariable = QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL");
    health.seedScale = 0.001;
    SettingSpec batch = spec("jobs.terminator", "batch", SettingType::Integer, 50);
    batch.minimum = 1;
    batch.maximum = 1000;
    SettingSpec share = spec("watchdog", "share", SettingType::Number, 0.2);
    share.minimum = 0;
    share.maximum = 1;
    SettingSpec hosts = spec("http", "hosts", SettingType::TextList, QStringList());
    hosts.flag = QStringLiteral("host");
    return {listen, store, token, interval, enabled, threshold, health, batch, share, hosts};
}

/// A folder for the one configuration file of a test.
class PolicyFile {
public:
    /// Replaces the file; its path.
    QString write(const QByteArray& content) const {
        const QString name = m_folder.filePath(QStringLiteral("policy.toml"));
        QFile out(name);
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("can't write the fixture");
        return name;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace vigie
