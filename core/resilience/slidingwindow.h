#pragma once

#include "core/resilience/callwindow.h"
#include "core/resilience/circuitoptions.h"
#include "core/resilience/timewindow.h"

#include <variant>

namespace vigie {

/// The window that a breaker judges by, of either type; the time matters to one of them only.
class SlidingWindow {
public:
    using Time = TimeWindow::Time;

    explicit SlidingWindow(const CircuitOptions& options) : m_window(make(options)) {}

    /// Null for a window of calls.
    TimeWindow* timeWindow() { return std::get_if<TimeWindow>(&m_window); }

    void addSuccesses(std::uint64_t number) {
        std::visit([&](auto& window) { window.addSuccesses(number); }, m_window);
    }
    void add(const CallOutcome& outcome) {
        std::visit([&](auto& window) { window.add(outcome); }, m_window);
    }
    void clear() {
        std::visit([](auto& window) { window.clear(); }, m_window);
    }
    WindowSums sums(Time now, std::uint64_t pending) const {
        if (const auto* window = std::get_if<TimeWindow>(&m_window))
            return window->sums(now, pending);
        return std::get<CallWindow>(m_window).sums(pending);
    }
    /// When the last call was added.
    WindowSums sumsAsTheyWere(std::uint64_t pending) const {
        const auto* window = std::get_if<TimeWindow>(&m_window);
        return sums(window ? window->runningSince() : Time(), pending);
    }
    std::optional<std::int64_t> distance(const CallOutcome& call, const RateRules& rules, Time now,
                                         std::uint64_t pending) const {
        if (const auto* window = std::get_if<TimeWindow>(&m_window))
            return window->distance(call, rules, now, pending);
        return std::get<CallWindow>(m_window).distance(call, rules, pending);
    }

private:
    using Either = std::variant<CallWindow, TimeWindow>;

    static Either make(const CircuitOptions& options) {
        if (options.slidingWindowType == SlidingWindowType::TimeBased)
            return TimeWindow(options.slidingWindowSize);
        return CallWindow(options.slidingWindowSize);
    }

    Either m_window;
};

} // namespace vigie
