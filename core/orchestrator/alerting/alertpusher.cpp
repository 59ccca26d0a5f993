#include "core/orchestrator/alerting/alertpusher.h"

#include "core/base/log.h"

#include <QFile>

#include <algorithm>

namespace vigie {

namespace {

using namespace std::chrono_literals;

const QString pushLog = QStringLiteral("alerts");
constexpr qint64 longestToken = 4096;

SettingSpec spec(const char* key, SettingType type, QVariant fallback, const char* help) {
    SettingSpec made;
    made.section = QStringLiteral("alerts");
    made.key = QString::fromLatin1(key);
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = QString::fromUtf8(help);
    return made;
}

Failure bad(const char* key, const QString& why) {
    return {FailureKind::Invalid,
            QStringLiteral("alerts.%1: %2").arg(QLatin1String(key), why),
            0,
            {},
            {},
            {}};
}

QUrl alertsOf(QUrl base) {
    QString path = base.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    base.setPath(path + QStringLiteral("/api/v2/alerts"));
    return base;
}

} // namespace

std::vector<SettingSpec> alertPushSettings() {
    SettingSpec resend = spec("alertmanager_resend_seconds", SettingType::Seconds, 60.0,
                              "Seconds after which firing alerts are pushed again");
    resend.minimum = 1;
    resend.maximum = 3600;
    return {spec("alertmanager_urls", SettingType::TextList, QStringList(),
                 "Alertmanagers that are told what fires, such as http://127.0.0.1:9093"),
            spec("alertmanager_token_file", SettingType::Text, QString(),
                 "File with the Bearer token that they ask for; empty: none"),
            resend};
}

Outcome<AlertPushSettings> readAlertPushSettings(const Settings& settings) {
    AlertPushSettings read;
    for (const QString& text : settings.textList(QStringLiteral("alerts.alertmanager_urls"))) {
        const QUrl url(text, QUrl::StrictMode);
        const bool speaks = url.scheme() == u"http" || url.scheme() == u"https";
        if (!speaks || url.host().isEmpty() || url.hasQuery() || url.hasFragment())
            return fail(bad("alertmanager_urls",
                            QStringLiteral("\"%1\" is no address such as http://127.0.0.1:9093")
                                .arg(text.left(200))));
        read.alertmanagers.push_back(url);
    }
    const QString path = settings.text(QStringLiteral("alerts.alertmanager_token_file"));
    if (!path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(bad("alertmanager_token_file",
                            QStringLiteral("can't read %1: %2").arg(path, file.errorString())));
        read.token = file.read(longestToken + 1).trimmed();
        if (read.token.isEmpty() || read.token.size() > longestToken || read.token.contains('\n'))
            return fail(bad("alertmanager_token_file",
                            QStringLiteral("%1 must hold one token in one line").arg(path)));
    }
    read.resend = settings.seconds(QStringLiteral("alerts.alertmanager_resend_seconds"));
    return read;
}

AlertPusher::AlertPusher(Parts parts, AlertPushSettings settings)
    : m_parts(std::move(parts)), m_settings(std::move(settings)) {
    for (const QUrl& url : m_settings.alertmanagers) {
        auto target = std::make_unique<Target>();
        target->url = alertsOf(url);
        EndpointOptions options;
        options.name =
            QStringLiteral("alertmanager:%1:%2")
                .arg(url.host(), QString::number(url.port(url.scheme() == u"https" ? 443 : 80)));
        options.shared = m_parts.shared;
        target->endpoint =
            std::make_unique<Endpoint>(m_parts.clock, m_parts.http, std::move(options));
        m_targets.push_back(std::move(target));
    }
}

void AlertPusher::start() {
    if (m_targets.empty())
        return;
    m_ticker = std::make_unique<Ticker>(m_parts.clock, m_settings.resend, [this] { changed(); });
    changed();
}

void AlertPusher::stop() {
    m_ticker.reset();
    m_scope.drain();
}

void AlertPusher::changed() {
    if (!m_ticker)
        return; // not begun, or over
    for (const auto& target : m_targets)
        push(*target);
}

void AlertPusher::push(Target& target) {
    if (target.pushing) {
        target.again = true; // with what is true by then
        return;
    }
    m_scope.spawn(pushNow(&target, m_scope.token()));
}

Task<> AlertPusher::pushNow(Target* target, std::stop_token stop) {
    target->pushing = true;
    do {
        target->again = false;
        const std::map<QString, ToldAlert> now = firing();
        const std::vector<ToldAlert> news = newsFor(*target, now);
        if (news.empty())
            break;
        HttpRequest request;
        request.method = "POST";
        request.url = target->url;
        request.headers = {{"Content-Type", "application/json"},
                           // Telling the same alerts twice changes nothing.
                           {"Idempotency-Key", newUuid().toLatin1()}};
        if (!m_settings.token.isEmpty())
            request.headers.emplaceBack("Authorization", "Bearer " + m_settings.token);
        request.body = encodePostableAlerts(news, m_parts.source.toString());
        Task<Outcome<HttpReply>> sending = target->endpoint->call(std::move(request), stop);
        const Outcome<HttpReply> reply = co_await sending;
        if (stop.stop_requested())
            break;
        if (reply) {
            ++m_figures.pushed;
            target->told = now;
        } else {
            ++m_figures.failed;
            if (!target->failing)
                logWarning(pushLog, QStringLiteral("%1 can't be told what fires: %2")
                                        .arg(target->url.toString(), reply.error().message));
        }
        target->failing = !reply;
        if (m_parts.metrics)
            m_parts.metrics
                ->counters("vigie_alert_pushes_total", "Pushes of alerts to Alertmanagers.")
                .add({{"result", reply ? "done" : "failed"}});
    } while (target->again && !target->failing);
    target->pushing = false;
}

std::map<QString, ToldAlert> AlertPusher::firing() const {
    const WallTime over = m_parts.clock.wallNow() + std::chrono::ceil<std::chrono::milliseconds>(
                                                        resendsUntilOver * m_settings.resend);
    std::map<QString, ToldAlert> all;
    for (ToldAlert& told : m_parts.desk.alerts()) {
        if (!told.silencedBy.isEmpty())
            continue;
        told.endsAt = over;
        const QString fingerprint = fingerprintOf(told.alert.labels);
        all.emplace(fingerprint, std::move(told));
    }
    return all;
}

std::vector<ToldAlert> AlertPusher::newsFor(const Target& target,
                                            const std::map<QString, ToldAlert>& firing) const {
    std::vector<ToldAlert> news;
    for (const auto& [fingerprint, told] : firing)
        news.push_back(told);
    for (const auto& [fingerprint, told] : target.told) {
        if (firing.contains(fingerprint))
            continue;
        news.push_back(told);
        news.back().endsAt = m_parts.clock.wallNow();
    }
    return news;
}

} // namespace vigie
