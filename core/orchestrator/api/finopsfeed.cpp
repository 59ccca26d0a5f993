#include "core/orchestrator/api/finopsfeed.h"

namespace vigie {

namespace {

constexpr int atOnce = 500;
constexpr int portion = 100; // of one look, told: far less than what a stream holds
constexpr std::size_t remembered = 2 * atOnce;

} // namespace

void FinopsFeed::start() {
    readMore(); // at once: what is written after this comes after it
}

void FinopsFeed::readMore() {
    m_again = true;
    if (!m_reading)
        m_scope.spawn(read(m_scope.token()));
}

void FinopsFeed::stop() {
    m_gathering.cancel();
    m_scope.requestStop();
    m_scope.drain();
}

void FinopsFeed::look() {
    if (m_gathering.active() || m_scope.token().stop_requested())
        return;
    m_gathering = m_plane.clock().schedule(gatherFor, [this] {
        m_gathering.cancel();
        readMore();
    });
}

Task<> FinopsFeed::read(std::stop_token stop) {
    m_reading = true;
    while (std::exchange(m_again, false) && !stop.stop_requested()) {
        FinopsQuery query;
        query.limit = atOnce;
        query.newest = !m_begun;
        query.after =
            m_begun && m_plane.store().shared() ? std::max<qint64>(m_last - overlap, 0) : m_last;
        const qint64 before = m_last;
        const auto events = co_await m_plane.store().finopsEvents(query);
        if (!events || stop.stop_requested())
            break; // the next look reads them
        int told = 0;
        for (const FinopsEvent& event : *events) {
            told += take(event, m_begun) ? 1 : 0;
            if (told == portion)
                break;
        }
        if (told == portion)
            look(); // the rest, once those who listen have read these
        else
            m_again = m_again || (m_begun && events->size() == atOnce && m_last > before);
        m_begun = true;
    }
    m_reading = false;
}

bool FinopsFeed::take(const FinopsEvent& event, bool tell) {
    m_last = std::max(m_last, event.number);
    if (m_known.contains(event.id))
        return false;
    m_known.insert(event.id);
    m_order.push_back(event.id);
    if (m_order.size() > remembered) {
        m_known.remove(m_order.front());
        m_order.pop_front();
    }
    if (tell)
        m_events.publish(QStringLiteral("finops"), event.used ? "finops.tokens" : "finops.cost",
                         encodeFinopsEvent(event), event.instanceId);
    return tell;
}

} // namespace vigie
