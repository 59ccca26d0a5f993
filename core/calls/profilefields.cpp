#include "core/calls/profilefields.h"

#include "core/base/timeformat.h"

#include <limits>
#include <utility>

namespace vigie {

namespace {

using Growth = BackoffOptions::Growth;
using Jitter = BackoffOptions::Jitter;
constexpr double day = 86400;

/// Gathers the keys of one section after the other.
class Fields {
public:
    explicit Fields(const char* section) : m_section(QString::fromLatin1(section)) {}

    template <class Set>
    Fields& integer(const char* key, int from, int to, Set set) {
        add(key, SettingType::Integer, from, to,
            [set](Profile& profile, const QVariant& value) { set(profile) = value.toInt(); });
        return *this;
    }
    template <class Set>
    Fields& number(const char* key, double from, double to, Set set) {
        add(key, SettingType::Number, from, to,
            [set](Profile& profile, const QVariant& value) { set(profile) = value.toDouble(); });
        return *this;
    }
    template <class Set>
    Fields& seconds(const char* key, double from, double to, Set set) {
        add(key, SettingType::Seconds, from, to, [set](Profile& profile, const QVariant& value) {
            set(profile) = fromSeconds(value.toDouble());
        });
        return *this;
    }
    template <class Set>
    Fields& boolean(const char* key, Set set) {
        add(key, SettingType::Boolean, {}, {},
            [set](Profile& profile, const QVariant& value) { set(profile, value.toBool()); });
        return *this;
    }
    template <class Value, class Set>
    Fields& word(const char* key, std::vector<std::pair<const char*, Value>> words, Set set) {
        add(key, SettingType::Text, {}, {}, [set, words](Profile& profile, const QVariant& value) {
            for (const auto& [name, each] : words) {
                if (value.toString() == QLatin1String(name))
                    set(profile) = each;
            }
        });
        for (const auto& [name, each] : words)
            m_fields.back().spec.allowed.append(QString::fromLatin1(name));
        return *this;
    }
    /// The section as a whole: `enabled = false` takes the strategy out.
    template <class Options>
    Fields& switchable(std::optional<Options> Profile::*part) {
        return boolean("enabled", [part](Profile& profile, bool on) {
            if (!on)
                (profile.*part).reset();
            else if (!(profile.*part))
                (profile.*part).emplace();
        });
    }

    std::vector<ProfileField> take() { return std::move(m_fields); }

private:
    void add(const char* key, SettingType type, std::optional<double> from,
             std::optional<double> to, std::function<void(Profile&, const QVariant&)> set) {
        SettingSpec spec;
        spec.section = m_section;
        spec.key = QString::fromLatin1(key);
        spec.type = type;
        spec.minimum = from;
        spec.maximum = to;
        m_fields.push_back({std::move(spec), std::move(set)});
    }

    QString m_section;
    std::vector<ProfileField> m_fields;
};

/// A reference to one field of a part that is there whenever one of its fields is set.
template <class Options, class Value>
auto in(std::optional<Options> Profile::*part, Value Options::*field) {
    return [part, field](Profile& profile) -> Value& {
        if (!(profile.*part))
            (profile.*part).emplace();
        return (*(profile.*part)).*field;
    };
}

template <class Part, class Value>
auto in(Part Profile::*part, Value Part::*field) {
    return [part, field](Profile& profile) -> Value& { return profile.*part.*field; };
}

template <class Value>
auto wait(Value BackoffOptions::*field) {
    return [field](Profile& profile) -> Value& { return profile.retry.backoff.*field; };
}

std::vector<ProfileField> retryFields() {
    return Fields("retry")
        .integer("attempts", 1, 1000, in(&Profile::retry, &RetryOptions::maxAttempts))
        .word<Growth>("growth",
                      {{"fixed", Growth::Fixed},
                       {"linear", Growth::Linear},
                       {"exponential", Growth::Exponential}},
                      wait(&BackoffOptions::growth))
        .seconds("first_delay_seconds", 0, day, wait(&BackoffOptions::first))
        .number("factor", 1, 1000, wait(&BackoffOptions::factor))
        .seconds("max_delay_seconds", 0, day, wait(&BackoffOptions::max))
        .word<Jitter>("jitter",
                      {{"none", Jitter::None},
                       {"share", Jitter::Share},
                       {"full", Jitter::Full},
                       {"decorrelated", Jitter::Decorrelated}},
                      wait(&BackoffOptions::jitter))
        .number("jitter_share", 0, 1, wait(&BackoffOptions::share))
        .seconds("overall_deadline_seconds", 0, 7 * day,
                 in(&Profile::retry, &RetryOptions::overallDeadline))
        .boolean("adaptive", [](Profile& profile, bool on) { profile.retry.adaptive = on; })
        .number("adaptive_percentile", 0.01, 0.99,
                in(&Profile::retry, &RetryOptions::adaptivePercentile))
        .take();
}

std::vector<ProfileField> budgetFields() {
    return Fields("retry_budget")
        .number("share", 0, 1, in(&Profile::retryBudget, &RetryBudgetOptions::share))
        .integer("burst", 1, 1'000'000, in(&Profile::retryBudget, &RetryBudgetOptions::burst))
        .take();
}

std::vector<ProfileField> circuitFields() {
    const auto part = &Profile::circuit;
    using C = CircuitOptions;
    return Fields("circuit_breaker")
        .switchable(part)
        .integer("consecutive_failures", 0, 1'000'000, in(part, &C::consecutiveFailures))
        .number("failure_rate_threshold", 0, 1, in(part, &C::failureRateThreshold))
        .number("slow_call_rate_threshold", 0, 1, in(part, &C::slowCallRateThreshold))
        .seconds("slow_call_duration_threshold_seconds", 1e-6, day,
                 in(part, &C::slowCallDurationThreshold))
        .word<SlidingWindowType>("sliding_window_type",
                                 {{"count_based", SlidingWindowType::CountBased},
                                  {"time_based", SlidingWindowType::TimeBased}},
                                 in(part, &C::slidingWindowType))
        .integer("sliding_window_size", 1, 100'000, in(part, &C::slidingWindowSize))
        .integer("minimum_number_of_calls", 1, 100'000, in(part, &C::minimumNumberOfCalls))
        .seconds("wait_duration_in_open_state_seconds", 0.001, 30 * day,
                 in(part, &C::waitDurationInOpenState))
        .number("wait_duration_factor", 1, 100, in(part, &C::waitDurationFactor))
        .seconds("max_wait_duration_in_open_state_seconds", 0.001, 30 * day,
                 in(part, &C::maxWaitDurationInOpenState))
        .seconds("healthy_spell_seconds", 0.001, 30 * day, in(part, &C::healthySpell))
        .integer("permitted_number_of_calls_in_half_open_state", 1, 10'000,
                 in(part, &C::permittedNumberOfCallsInHalfOpenState))
        .integer("successes_to_close", 1, 10'000, in(part, &C::successesToClose))
        .integer("permitted_failures_in_half_open_state", 0, 10'000,
                 in(part, &C::permittedFailuresInHalfOpenState))
        .seconds("max_wait_duration_in_half_open_state_seconds", 0.001, 30 * day,
                 in(part, &C::maxWaitDurationInHalfOpenState))
        .take();
}

std::vector<ProfileField> limitFields() {
    std::vector<ProfileField> all =
        Fields("timeout")
            .seconds("call_seconds", 0, day, in(&Profile::timeout, &TimeoutOptions::callTimeout))
            .take();
    const auto append = [&all](std::vector<ProfileField> more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    const auto bulkhead = &Profile::bulkhead;
    append(Fields("bulkhead")
               .switchable(bulkhead)
               .integer("max_concurrent_calls", 1, 1'000'000,
                        in(bulkhead, &BulkheadOptions::maxConcurrentCalls))
               .integer("max_queued", 0, 1'000'000, in(bulkhead, &BulkheadOptions::maxQueued))
               .seconds("max_wait_seconds", 0, day, in(bulkhead, &BulkheadOptions::maxWait))
               .take());
    const auto limiter = &Profile::rateLimiter;
    using L = RateLimiterOptions;
    append(
        Fields("rate_limiter")
            .switchable(limiter)
            .integer("limit_for_period", 1, 1'000'000, in(limiter, &L::limitForPeriod))
            .seconds("limit_refresh_period_seconds", 1e-6, day, in(limiter, &L::limitRefreshPeriod))
            .integer("burst", 0, 1'000'000, in(limiter, &L::burst))
            .seconds("max_wait_seconds", 0, day, in(limiter, &L::maxWait))
            .take());
    const auto hedge = &Profile::hedge;
    append(Fields("hedge")
               .switchable(hedge)
               .number("percentile", 0.5, 0.999, in(hedge, &HedgeOptions::percentile))
               .seconds("min_delay_seconds", 0, day, in(hedge, &HedgeOptions::minDelay))
               .integer("max_calls", 2, 5, in(hedge, &HedgeOptions::maxCalls))
               .take());
    const auto cache = &Profile::cache;
    append(Fields("cache")
               .switchable(cache)
               .seconds("ttl_seconds", 0.001, day, in(cache, &CacheOptions::ttl))
               .integer("max_entries", 1, 1'000'000, in(cache, &CacheOptions::maxEntries))
               .take());
    return all;
}

} // namespace

const std::vector<ProfileField>& profileFields() {
    static const std::vector<ProfileField> fields = [] {
        std::vector<ProfileField> all = retryFields();
        for (auto more : {budgetFields(), circuitFields(), limitFields()})
            all.insert(all.end(), more.begin(), more.end());
        return all;
    }();
    return fields;
}

} // namespace vigie
