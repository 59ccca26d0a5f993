#include "core/runtime/beatmeter.h"

#include "core/base/timeformat.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

void BeatMeter::add(MonotonicTime at, std::vector<Duration> intervals, int beats, int workers) {
    m_workers = workers;
    m_polls.push_back({at, beats});
    while (m_polls.size() > 2 && at - m_polls.front().at > 30s)
        m_polls.pop_front();
    if (intervals.empty())
        return;
    const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
    std::ranges::nth_element(intervals, middle);
    constexpr int quickly = 5; // the first polls teach at once, later ones by a twentieth each
    const double share = m_learnt < quickly ? 1.0 : 0.05;
    // Once known, the return of a whole fleet after an outage is no new rhythm.
    const Duration seen = m_learnt < quickly ? *middle : std::min(*middle, 3 * m_expected);
    m_learnt = std::min(m_learnt + 1, quickly);
    m_expected = std::clamp<Duration>(
        m_expected + fromSeconds(toSeconds(seen - m_expected) * share), 50ms, 5min);
}

std::optional<double> BeatMeter::perSecond() const {
    if (m_polls.size() < 2)
        return std::nullopt;
    int beats = 0;
    for (size_t i = 1; i < m_polls.size(); ++i) // those of the first came before the window
        beats += m_polls[i].beats;
    const double span = toSeconds(m_polls.back().at - m_polls.front().at);
    return span > 0 ? std::optional(beats / span) : std::nullopt;
}

std::optional<double> BeatMeter::expectedPerSecond() const {
    if (m_polls.size() < 2)
        return std::nullopt;
    return m_workers / toSeconds(m_expected);
}

} // namespace vigie
