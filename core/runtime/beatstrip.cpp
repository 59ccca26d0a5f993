#include "core/runtime/beatstrip.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace vigie {

namespace {

/// Expected beats that are half an interval overdue: 1 from 1.5 intervals on, 2 from 2.5.
int overdueBeats(const BeatSighting& sighting) {
    if (!sighting.age || *sighting.age < sighting.expected)
        return 0;
    const auto beats = (*sighting.age - sighting.expected / 2) / sighting.expected;
    return static_cast<int>(std::min<qint64>(beats, std::numeric_limits<int>::max()));
}

} // namespace

std::optional<Duration> BeatStrip::observe(const BeatSighting& sighting) {
    const bool wasBlind = std::exchange(m_blind, false);
    m_coveredUntil = sighting.at;
    if (!sighting.beat || sighting.expected <= Duration::zero())
        return std::nullopt;

    const int overdue = overdueBeats(sighting);
    if (m_beat == sighting.beat) {
        if (wasBlind)
            m_missed = overdue; // fell into the time nobody watched, which is shown already
        miss(overdue);
        return std::nullopt;
    }

    const auto before = std::exchange(m_beat, sighting.beat);
    const int missed = std::exchange(m_missed, 0);
    if (!before || wasBlind || *sighting.beat < *before) { // first, unwatched, or a clock set back
        push(overdue > 0 ? BeatTick::Missed : BeatTick::OnTime);
        m_missed = overdue;
        return std::nullopt;
    }
    const Duration interval = *sighting.beat - *before;
    const Duration unwatched =
        sighting.sincePoll >= sighting.expected ? sighting.sincePoll : Duration::zero();
    const bool onTime = interval <= sighting.expected * 3 / 2 + unwatched;
    if (missed > 0 && m_ticks.back() == BeatTick::Missed)
        m_ticks.back() = BeatTick::Late; // the newest one missed did come
    else
        push(onTime ? BeatTick::OnTime : BeatTick::Late);
    miss(overdue);
    return interval;
}

bool BeatStrip::unseen(MonotonicTime now, Duration expected) {
    if (!m_beat || expected <= Duration::zero())
        return false;
    m_missed = 0;
    const bool first = !std::exchange(m_blind, true);
    const auto passed = (now - m_coveredUntil) / expected;
    const auto ticks = std::min<qint64>(60, std::max<qint64>(passed, first ? 1 : 0));
    if (ticks <= 0)
        return false;
    m_coveredUntil = now;
    for (qint64 i = 0; i < ticks; ++i)
        push(BeatTick::Unknown);
    return true;
}

void BeatStrip::push(BeatTick tick) {
    std::ranges::rotate(m_ticks, m_ticks.begin() + 1);
    m_ticks.back() = tick;
}

void BeatStrip::miss(int total) {
    const int more = std::min(total - m_missed, static_cast<int>(m_ticks.size()));
    for (int i = 0; i < more; ++i)
        push(BeatTick::Missed);
    m_missed = std::max(m_missed, total);
}

} // namespace vigie
