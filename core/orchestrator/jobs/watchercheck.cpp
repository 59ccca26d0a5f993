#include "core/orchestrator/jobs/watchercheck.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr Duration livezDeadline = std::chrono::seconds(2);
const QString category = QStringLiteral("jobs");

} // namespace

void WatcherCheck::ticked(Duration interval) {
    const MonotonicTime now = m_clock.now() + m_asleep();
    if (m_lastTick) {
        const Duration late = now - *m_lastTick - interval;
        if (late > 3 * interval) {
            m_state.lastStall = m_clock.now();
            logWarning(category, QStringLiteral("a watchdog tick came %1 late: silence counts anew")
                                     .arg(humanDuration(late)));
        }
    }
    m_lastTick = now;
}

Task<> WatcherCheck::askOwnAddress(std::stop_token stop) {
    HttpRequest request;
    request.url = m_url;
    request.url.setPath(QStringLiteral("/livez"));
    request.deadline = livezDeadline;
    request.maxBodyBytes = 64 * 1024;
    request.maxRedirects = 0;
    Task<Outcome<HttpReply>> sent = m_http.send(std::move(request), std::move(stop));
    const Outcome<HttpReply> reply = co_await sent;
    const bool answers = reply && reply->status == 200;
    if (m_state.ownAddressAnswers && !answers)
        logWarning(category,
                   QStringLiteral("the own address %1 does not answer: %2")
                       .arg(m_url.toString(), reply ? QStringLiteral("status %1").arg(reply->status)
                                                    : reply.error().message));
    m_state.ownAddressAnswers = answers;
}

} // namespace vigie
