#include "core/sources/orchestrator/sidereader.h"

#include "core/model/actionlogcodec.h"
#include "core/model/breakercodec.h"
#include "core/model/errorcodec.h"
#include "core/sources/latencyreader.h"
#include "core/sources/orchestrator/orchestratorcodec.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

namespace {

constexpr Duration identityEvery = 60s;
constexpr Duration metricsEvery = 10s;

void notice(SourceReading& reading, const QString& what, const Failure& failure) {
    reading.notices.push_back(
        QStringLiteral("%1 could not be read: %2").arg(what, failure.message));
}

} // namespace

Task<SourceReading> SideReader::read(SourceReading reading, ContractPart part, bool withBreakers,
                                     std::stop_token stop) {
    const bool full = part == ContractPart::Full;
    const bool identity = due(m_askedIdentity, identityEvery);
    const bool metrics = full && due(m_askedMetrics, metricsEvery);
    const QString logQuery =
        m_wholeLog ? QStringLiteral("limit=1000") : QStringLiteral("limit=200");
    // All are under way together; a task starts when it is made.
    auto version = ask(QStringLiteral("/version"), {}, identity, stop);
    auto whoAmI = ask(QStringLiteral("/whoami"), {}, identity && full, stop);
    auto breakers = ask(QStringLiteral("/circuit_breakers"), {}, full && withBreakers, stop);
    auto log = ask(QStringLiteral("/action_logs"), logQuery, true, stop);
    auto figures = ask(QStringLiteral("/metrics"), {}, metrics, stop);
    const Reply versionReply = co_await version;
    const Reply whoAmIReply = co_await whoAmI;
    const Reply breakersReply = co_await breakers;
    const Reply logReply = co_await log;
    const Reply figuresReply = co_await figures;

    if (identity)
        takeVersion(versionReply);
    if (identity && full)
        takeWhoAmI(whoAmIReply);
    if (full && withBreakers)
        takeBreakers(breakersReply, reading);
    takeLog(logReply, reading);
    if (metrics)
        takeMetrics(figuresReply, reading);
    reading.version = m_version;
    reading.actor = m_actor;
    reading.role = m_role;
    reading.capabilities.allowedActions = m_allowed;
    // Who knows more than part A's three knows plans too.
    reading.capabilities.operations =
        full && !std::ranges::all_of(m_allowed, [](Action action) { return isPartA(action); });
    reading.latencies = m_latencies;
    if (!m_metricsNotice.isEmpty())
        reading.notices.push_back(m_metricsNotice);
    co_return reading;
}

void SideReader::startOver() {
    m_askedIdentity.reset();
    m_askedMetrics.reset();
    m_wholeLog = true;
}

Task<SideReader::Reply> SideReader::ask(QString path, QString query, bool wanted,
                                        std::stop_token stop) {
    if (!wanted)
        co_return fail(FailureKind::Unsupported, QStringLiteral("not asked"));
    QUrlQuery parsed(query);
    auto reply = co_await m_session.get(std::move(path), std::move(parsed), std::move(stop));
    co_return reply;
}

void SideReader::takeVersion(const Reply& reply) {
    if (!reply)
        return; // a word for the screen; its absence hinders nothing
    const VersionInfo info = decodeVersion(reply->body);
    m_version = info.name.isEmpty() ? info.version : info.name + QLatin1Char(' ') + info.version;
}

void SideReader::takeWhoAmI(const Reply& reply) {
    const WhoAmI me = reply ? decodeWhoAmI(reply->body) : WhoAmI{};
    m_actor = me.actor;
    m_role = me.role;
    m_allowed = me.allowedActions;
}

void SideReader::takeBreakers(const Reply& reply, SourceReading& reading) {
    const QString what = QStringLiteral("Its circuit breakers");
    if (!reply)
        return notice(reading, what, reply.error());
    auto breakers = decodeBreakers(reply->body);
    if (!breakers)
        return notice(reading, what, breakers.error());
    reading.breakers = std::move(*breakers);
}

void SideReader::takeLog(const Reply& reply, SourceReading& reading) {
    const QString what = QStringLiteral("Its action log");
    if (!reply)
        return notice(reading, what, reply.error());
    auto list = decodeActionLogs(reply->body);
    if (!list)
        return notice(reading, what, list.error());
    m_wholeLog = false;
    reading.capabilities.actionLog = true;
    reading.actionLog = std::move(list->logs);
}

void SideReader::takeMetrics(const Reply& reply, SourceReading& reading) {
    Outcome<LatencyRead> read = fail(FailureKind::Internal, QString());
    if (reply)
        read = readLatencies(*reply, {QStringLiteral("vigie_")});
    if (!reply || !read) {
        m_metricsNotice = QStringLiteral("Its metrics could not be read: %1")
                              .arg(reply ? read.error().message : reply.error().message);
        return;
    }
    m_metricsNotice.clear();
    m_latencies = std::move(read->series);
    for (LatencySeries& series : m_latencies) {
        if (series.name.contains(QLatin1String("health_check")))
            series.name = QStringLiteral("health_check");
    }
    for (const QString& said : read->notices)
        reading.notices.push_back(said);
}

bool SideReader::due(std::optional<MonotonicTime>& last, Duration every) {
    if (last && m_clock.now() - *last < every)
        return false;
    last = m_clock.now();
    return true;
}

} // namespace vigie
