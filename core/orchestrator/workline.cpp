#include "core/orchestrator/workline.h"

#include <algorithm>

namespace vigie {

WorkLine::WorkLine(Clock& clock, int hands, std::function<Task<>(InstanceId, std::stop_token)> work,
                   std::function<void(Task<>)> carryOn, Duration patience)
    : m_clock(clock), m_hands(hands), m_work(std::move(work)), m_carryOn(std::move(carryOn)),
      m_patience(patience) {}

Task<> WorkLine::take(std::vector<InstanceId> found, std::stop_token stop) {
    for (InstanceId& id : found) {
        if (m_known.contains(id))
            continue;
        m_known.insert(id);
        m_waiting.push_back(std::move(id));
    }
    const int wanted = std::min(m_hands - m_busy, static_cast<int>(m_waiting.size()));
    for (int i = 0; i < wanted; ++i) {
        ++m_busy; // before it begins: it may be over when spawn() returns
        if (m_carryOn)
            m_carryOn(hand(stop));
        else
            m_scope.spawn(hand(stop));
    }
    if (m_busy == 0)
        co_return;
    const Eventual<bool> over;
    m_over = over;
    const Timer enough = m_clock.schedule(m_patience, [over] { over.resolve(false); });
    const bool ended = co_await over;
    if (!ended)
        m_over.reset();
}

Task<> WorkLine::hand(std::stop_token stop) {
    while (!m_waiting.empty() && !stop.stop_requested()) {
        const InstanceId id = m_waiting.front();
        m_waiting.pop_front();
        Task<> work = m_work(id, stop);
        co_await work;
        m_known.remove(id);
    }
    if (stop.stop_requested()) {
        for (const InstanceId& id : std::exchange(m_waiting, {}))
            m_known.remove(id); // found again, should there be another cycle
    }
    if (--m_busy == 0 && m_over)
        std::exchange(m_over, std::nullopt)->resolve(true);
}

} // namespace vigie
