#include "app/dashboard/demoorchestrator.h"

#include "app/dashboard/deploymentcodec.h"
#include "core/base/log.h"

#include <QFile>

#include <array>

namespace vigie {

namespace {

const std::array zones{QStringLiteral("mock-a-1"), QStringLiteral("mock-a-2"),
                       QStringLiteral("mock-b-1")};
const std::array types{QStringLiteral("mock.gpu-24"), QStringLiteral("mock.gpu-80"),
                       QStringLiteral("mock.gpu-80x4")};
const std::array models{QStringLiteral("llama-3-8b-instruct"), QStringLiteral("mistral-small-24b"),
                        QStringLiteral("gemma-3-27b-it")};

/// Trouble that shows within minutes, thresholds that notice it within half of one.
QHash<QString, QString> settingsOf(const DemoPlan& plan, const QString& folder) {
    const auto set = [](const char* name) {
        return QStringLiteral("VIGIE_") + QLatin1String(name);
    };
    return {
        {set("PROVIDER"), QStringLiteral("mock")},
        {set("SERVER_LISTEN"), QStringLiteral("127.0.0.1:0")},
        {set("STORE_URL"), QStringLiteral("sqlite:%1/%2.db").arg(folder, plan.name)},
        {set("PROVIDERS_MOCK_SEED"), QString::number(plan.seed)},
        {set("PROVIDERS_MOCK_FAULTS"), QStringLiteral("lively")},
        {set("PROVIDERS_MOCK_FAULT_INTERVAL_SECONDS"), QStringLiteral("14")},
        {set("PROVIDERS_MOCK_FAULT_SECONDS"), QStringLiteral("80")},
        {set("PROVIDERS_MOCK_WORKER_HEARTBEAT_INTERVAL_SECONDS"), QStringLiteral("2")},
        {set("WATCHDOG_HEARTBEAT_TIMEOUT_SECONDS"), QStringLiteral("24")},
        {set("WATCHDOG_EXPECTED_BEAT_INTERVAL_SECONDS"), QStringLiteral("2")},
        {set("JOBS_WORKER_WATCHDOG_INTERVAL_SECONDS"), QStringLiteral("2")},
        {set("JOBS_HEALTH_CHECK_INTERVAL_SECONDS"), QStringLiteral("2")},
        {set("JOBS_PROVISIONING_INTERVAL_SECONDS"), QStringLiteral("1")},
        {set("JOBS_PROVISIONING_PARALLEL"), QStringLiteral("12")},
        {set("RECOVERY_BOOTING_TIMEOUT_SECONDS"), QStringLiteral("120")},
        {set("RECOVERY_INSTALLING_TIMEOUT_SECONDS"), QStringLiteral("120")},
        {set("RECOVERY_STARTING_TIMEOUT_SECONDS"), QStringLiteral("120")},
        {set("AUTOMATION_WORKER_DEAD_RECOVERY_ENABLED"),
         plan.automatic ? QStringLiteral("true") : QStringLiteral("false")},
    };
}

QByteArray tokenIn(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

} // namespace

Outcome<std::unique_ptr<DemoOrchestrator>>
DemoOrchestrator::make(Clock& clock, const DemoPlan& plan, const QString& folder) {
    SettingsInput input;
    input.environment = settingsOf(plan, folder);
    auto settings = Settings::read(daemonSettings(), input);
    if (!settings)
        return fail(settings.error());
    return std::unique_ptr<DemoOrchestrator>(
        new DemoOrchestrator(clock, plan, *std::move(settings)));
}

DemoOrchestrator::DemoOrchestrator(Clock& clock, DemoPlan plan, Settings settings)
    : m_plan(std::move(plan)), m_daemon(clock, std::move(settings)), m_client(clock) {}

Task<Outcome<SourceConfig>> DemoOrchestrator::start() {
    const auto listening = co_await m_daemon.start();
    if (!listening)
        co_return fail(listening.error());
    m_source.id = SourceId(m_plan.name);
    m_source.name = m_plan.name;
    m_source.kind = QStringLiteral("orchestrator");
    m_source.url = listening->url;
    m_source.tokenFile = listening->tokenFile;
    m_source.interval = std::chrono::seconds(1);
    SourceConfig reachable = m_source; // a member named in co_return would be moved from
    co_return reachable;
}

void DemoOrchestrator::deploy() {
    m_scope.spawn(deployAll(m_scope.token()));
}

Task<> DemoOrchestrator::deployAll(std::stop_token stop) {
    const QByteArray token = tokenIn(m_source.tokenFile);
    for (int number = 0; number < m_plan.instances && !stop.stop_requested(); ++number) {
        const auto place = static_cast<size_t>(number);
        HttpRequest request;
        request.method = "POST";
        request.url = m_source.url.resolved(QUrl(QStringLiteral("/deployments")));
        request.headers = {{"Authorization", "Bearer " + token},
                           {"Content-Type", "application/json"}};
        request.body = encodeDeployment(QStringLiteral("mock"), zones.at(place % zones.size()),
                                        types.at(place / 2 % types.size()),
                                        models.at(place / 3 % models.size()));
        const Outcome<HttpReply> reply = co_await m_client.send(std::move(request), stop);
        if (!reply)
            logWarning(QStringLiteral("demo"), reply.error().message);
        else if (reply->status >= 400)
            logWarning(QStringLiteral("demo"), QString::fromUtf8(reply->body.left(300)));
    }
}

} // namespace vigie
