#include "core/worker/faultplan.h"

namespace vigie {

FaultPlan::FaultPlan(FaultOptions options)
    : m_options(std::move(options)), m_random(m_options.seed.value_or(0)) {}

bool FaultPlan::hits(int every) {
    if (every <= 0)
        return false;
    // Not a std distribution: its sequence differs between standard libraries.
    return m_options.seed ? m_random() % static_cast<quint32>(every) == 0
                          : m_requests % static_cast<quint64>(every) == 0;
}

FaultPlan::Decision FaultPlan::next() {
    ++m_requests;
    const bool fails = hits(m_options.failEvery);
    const bool slow = hits(m_options.slowEvery);
    if (fails)
        return {Fate::Fail, m_options.failAfter};
    if (slow)
        return {Fate::Slow, m_options.slowAfter};
    return {Fate::Normal, m_options.normalAfter};
}

} // namespace vigie
