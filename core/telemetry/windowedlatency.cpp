#include "core/telemetry/windowedlatency.h"

#include <algorithm>

namespace vigie {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds shortPage = std::chrono::seconds(10);
constexpr std::int64_t shortInLong = 6;
constexpr nanoseconds longPage = shortPage * shortInLong;

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

template <typename Pages>
auto& at(Pages& pages, std::int64_t number) {
    const auto size = static_cast<std::int64_t>(pages.size());
    return pages[static_cast<std::size_t>(((number % size) + size) % size)];
}

} // namespace

void WindowedLatency::record(nanoseconds value, Time now) {
    const std::int64_t page =
        floorDivide(nanoseconds(now.time_since_epoch()).count(), shortPage.count());
    if (page > m_livePage.load(std::memory_order_acquire))
        turnTo(page);
    m_live.record(value);
}

void WindowedLatency::turnTo(std::int64_t page) {
    const std::lock_guard lock(m_mutex);
    const std::int64_t live = m_livePage.load(std::memory_order_relaxed);
    if (page <= live)
        return; // another thread has turned it
    Page finished{live, m_live.drain()};
    m_livePage.store(page, std::memory_order_release);
    if (finished.values.count() > 0) {
        archive(at(m_short, live), page);
        at(m_short, live) = std::move(finished);
    }
    const auto size = static_cast<std::int64_t>(m_short.size());
    for (Page& each : m_short) {
        if (each.number != never && each.number <= page - size)
            archive(each, page);
    }
}

/// Moves a short page to the long one that it is a part of.
void WindowedLatency::archive(Page& page, std::int64_t newest) {
    if (page.number == never)
        return;
    const std::int64_t minute = floorDivide(page.number, shortInLong);
    const auto size = static_cast<std::int64_t>(m_long.size());
    Page& longer = at(m_long, minute);
    if (longer.number != minute)
        longer = {minute, {}};
    longer.values.merge(page.values);
    page = {};
    for (Page& each : m_long) {
        if (each.number != never && each.number <= floorDivide(newest, shortInLong) - size)
            each = {};
    }
}

Histogram WindowedLatency::window(nanoseconds length, Time now) const {
    const std::int64_t begin = nanoseconds(now.time_since_epoch()).count() -
                               std::min<nanoseconds>(length, longest).count();
    const auto reaches = [begin](std::int64_t number, nanoseconds page) {
        return number != never && (number + 1) * page.count() > begin;
    };
    const std::lock_guard lock(m_mutex);
    Histogram found;
    if (reaches(m_livePage.load(std::memory_order_relaxed), shortPage))
        found = m_live.snapshot();
    for (const Page& each : m_short) {
        if (reaches(each.number, shortPage))
            found.merge(each.values);
    }
    for (const Page& each : m_long) {
        if (reaches(each.number, longPage))
            found.merge(each.values);
    }
    return found;
}

Histogram WindowedLatency::total() const {
    return m_live.total();
}

} // namespace vigie
