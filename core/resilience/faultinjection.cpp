#include "core/resilience/faultinjection.h"

#include "core/resilience/outofrange.h"

#include <algorithm>

namespace vigie {

namespace {

bool matches(std::string_view pattern, std::string_view key) {
    if (!pattern.empty() && pattern.back() == '*')
        return key.substr(0, pattern.size() - 1) == pattern.substr(0, pattern.size() - 1);
    return key == pattern;
}

bool inSpell(const FaultRule& rule, std::chrono::nanoseconds since) {
    constexpr auto zero = std::chrono::nanoseconds::zero();
    std::chrono::nanoseconds into = since - rule.start;
    if (into < zero)
        return false;
    if (rule.every > zero)
        into %= rule.every;
    return rule.length == zero || into < rule.length;
}

} // namespace

std::string FaultRule::problem() const {
    constexpr auto zero = std::chrono::nanoseconds::zero();
    constexpr auto day = std::chrono::hours(24);
    if (key.empty())
        return "key is empty, but must name a pipeline, or * for all";
    if (!(rate > 0 && rate <= 1))
        return outOfRange("rate", rate, "above 0, 1 at most");
    if (latency < zero || latency > day)
        return outOfRange("latency", latency, "0 to 24 h");
    if (kind == Kind::Latency && latency == zero)
        return outOfRange("latency", latency, "above 0 for a rule that delays");
    if (start < zero || start > 30 * day)
        return outOfRange("start", start, "0 to 30 days");
    if (length < zero || length > 30 * day)
        return outOfRange("length", length, "0 (for ever) to 30 days");
    if (every < zero || every > 30 * day)
        return outOfRange("every", every, "0 (one spell) to 30 days");
    if (every > zero && (length == zero || length > every))
        return outOfRange("length", length, "above 0 and no longer than every");
    return {};
}

std::string FaultInjection::set(std::vector<FaultRule> rules, Time now) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (std::string wrong = rules[i].problem(); !wrong.empty())
            return "fault rule " + std::to_string(i + 1) + ": " + wrong;
    }
    const std::lock_guard lock(m_mutex);
    m_rules = std::move(rules);
    m_since = now;
    m_active.store(!m_rules.empty(), std::memory_order_relaxed);
    return {};
}

std::vector<FaultRule> FaultInjection::rules() const {
    const std::lock_guard lock(m_mutex);
    return m_rules;
}

std::optional<FaultRule> FaultInjection::draw(std::string_view key, Time now) {
    if (!active())
        return {};
    const std::lock_guard lock(m_mutex);
    for (const FaultRule& rule : m_rules) {
        if (!matches(rule.key, key) || !inSpell(rule, now - m_since) || uniform() >= rule.rate)
            continue;
        m_injected.fetch_add(1, std::memory_order_relaxed);
        return rule;
    }
    return {};
}

double FaultInjection::uniform() {
    // splitmix64, as in Backoff.
    std::uint64_t z = m_random.fetch_add(0x9e3779b97f4a7c15ULL, std::memory_order_relaxed) +
                      0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return double((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

} // namespace vigie
