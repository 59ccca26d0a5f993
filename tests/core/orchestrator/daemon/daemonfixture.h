#pragma once

#include "core/http/httpclient.h"
#include "core/orchestrator/daemon.h"
#include "tests/support/await.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

/// A daemon with the mock provider in this process, called over real HTTP.
class DaemonFixture {
public:
    explicit DaemonFixture(const QString& folder, const QHash<QString, QStringList>& flags = {},
                           const QHash<QString, QString>& environment = {}) {
        SettingsInput input;
        input.environment = environment;
        input.flags = {
            {QStringLiteral("listen"), {QStringLiteral("127.0.0.1:0")}},
            {QStringLiteral("store"),
             {QStringLiteral("sqlite:") + folder + QStringLiteral("/f.db")}},
            {QStringLiteral("provider"), {QStringLiteral("mock")}},
        };
        for (auto flag = flags.begin(); flag != flags.end(); ++flag)
            input.flags.insert(flag.key(), *flag);
        const auto set = [&](const char* name, const char* value) {
            input.environment.insert(QLatin1String(name), QLatin1String(value));
        };
        for (const char* stage : {"BOOT", "INSTALL", "LOAD", "LATENCY"})
            set(qPrintable(
                    QStringLiteral("VIGIE_PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(stage))),
                "0.05");
        set("VIGIE_PROVIDERS_MOCK_WORKER_HEARTBEAT_INTERVAL_SECONDS", "0.1");
        set("VIGIE_TASKS_DIRECTORY", qPrintable(folder + QStringLiteral("/tasks")));
        for (const char* job : {"PROVISIONING", "HEALTH_CHECK", "TERMINATOR", "WORKER_WATCHDOG"})
            set(qPrintable(
                    QStringLiteral("VIGIE_JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(job))),
                "0.1");
        auto settings = Settings::read(daemonSettings(), input);
        if (!settings)
            qFatal("%s", qPrintable(settings.error().message));
        daemon = std::make_unique<Daemon>(clock, *settings);
        const auto started = *await(daemon->start());
        if (!started)
            qFatal("%s", qPrintable(started.error().message));
        listening = *started;
        QFile file(listening.tokenFile);
        if (file.open(QIODevice::ReadOnly))
            token = file.readAll().trimmed();
    }

    HttpReply call(const QByteArray& method, const QString& path, const QByteArray& body = {},
                   HttpHeaders headers = {}) {
        HttpRequest request;
        request.method = method;
        request.url = QUrl(listening.url.toString() + path);
        request.headers = std::move(headers);
        request.headers.emplaceBack("Authorization", "Bearer " + token);
        request.body = body;
        const auto reply = *await(http.send(std::move(request), {}));
        if (!reply)
            qFatal("%s", qPrintable(reply.error().message));
        return *reply;
    }
    QJsonDocument get(const QString& path) {
        return QJsonDocument::fromJson(call("GET", path).body);
    }
    QString deploy() {
        const HttpReply reply = call("POST", QStringLiteral("/deployments"), deployment);
        return QJsonDocument::fromJson(reply.body)
            .object()
            .value(QLatin1String("instance_id"))
            .toString();
    }
    QString status(const QString& id) {
        return get(QStringLiteral("/instances/") + id)
            .object()
            .value(QLatin1String("status"))
            .toString();
    }

    static inline const QByteArray deployment =
        "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\",\"instance_type\":\"mock.cpu\","
        "\"model_id\":\"m\"}";

    SystemClock clock;
    HttpClient http{clock};
    std::unique_ptr<Daemon> daemon;
    Daemon::Listening listening;
    QByteArray token;
};

} // namespace vigie
