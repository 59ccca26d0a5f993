#pragma once

#include "core/resilience/errorclass.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// One kind of trouble made on purpose.
struct FaultRule {
    std::string key = "*"; ///< of the pipelines it strikes; a '*' at the end stands for any ending
    double rate = 0;       ///< share of calls, (0, 1]
    enum class Kind {
        Fault,   ///< the call is not made; it fails as `errorClass`
        Latency, ///< the call is made after `latency`
        Outcome, ///< the call is made, but its good answer is replaced by `errorClass`
    };
    Kind kind = Kind::Fault;
    ErrorClass errorClass = ErrorClass::ServerError;
    std::chrono::nanoseconds latency{}; ///< up to a day
    std::chrono::nanoseconds start{};   ///< after the rules were set
    std::chrono::nanoseconds length{};  ///< of one spell; zero: for ever
    std::chrono::nanoseconds every{};   ///< spells begin anew after this; zero: one spell

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// Chaos engineering: puts faults, delays and wrong outcomes into the calls of chosen keys, at a
/// rate, on a schedule. Off until rules are set; while it is off a call only reads one flag, and
/// while it is on every fault is an event and active() says so. Any thread.
class FaultInjection {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Equal seeds make equal choices for an equal sequence of calls.
    explicit FaultInjection(std::uint64_t seed) : m_random(seed) {}

    /// Replaces all rules; their schedules begin at `now`. An empty list turns it off. Nothing is
    /// changed when a rule is unusable; then the sentence says which.
    std::string set(std::vector<FaultRule> rules, Time now);
    void off() { set({}, {}); }

    bool active() const { return m_active.load(std::memory_order_relaxed); }
    std::vector<FaultRule> rules() const;
    std::uint64_t injected() const { return m_injected.load(std::memory_order_relaxed); }

    /// What happens to a call of `key` that begins now; the first rule that strikes wins.
    std::optional<FaultRule> draw(std::string_view key, Time now);

private:
    double uniform();

    std::atomic<bool> m_active{false};
    std::atomic<std::uint64_t> m_random;
    std::atomic<std::uint64_t> m_injected{0};
    mutable std::mutex m_mutex;
    std::vector<FaultRule> m_rules;
    Time m_since{};
};

} // namespace vigie
