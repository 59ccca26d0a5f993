#include "core/model/breakercodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

#include <algorithm>

namespace vigie {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t transitionsKept = 20;
constexpr qint64 longestWaitMs = 366LL * 24 * 3600 * 1000; ///< more would not fit a Duration
const QString timeBased = QStringLiteral("time_based");
const QString countBased = QStringLiteral("count_based");

void write(JsonWriter& json, const Breaker& b) {
    json.beginObject().field("name", b.name);
    json.field("computed_state", toString(b.computed));
    json.field("effective_state", toString(b.effective));

    json.key("config").beginObject();
    json.fieldIfAny("failure_threshold", b.failureThreshold);
    json.fieldIfAny("failure_rate_threshold", b.failureRateThreshold);
    json.fieldIfAny("slow_call_rate_threshold", b.slowCallRateThreshold);
    const auto span = [&json](const char* name, const std::optional<Duration>& duration) {
        if (duration)
            json.field(name, static_cast<qint64>(
                                 std::chrono::duration_cast<milliseconds>(*duration).count()));
    };
    span("slow_call_duration_threshold_ms", b.slowCallDurationThreshold);
    if (b.timeBasedWindow)
        json.field("sliding_window_type", *b.timeBasedWindow ? timeBased : countBased);
    json.fieldIfAny("sliding_window_size", b.windowSize);
    json.fieldIfAny("minimum_number_of_calls", b.minimumCalls);
    span("wait_duration_in_open_state_ms", b.waitDurationInOpenState);
    json.fieldIfAny("permitted_calls_in_half_open", b.permittedCallsInHalfOpen);
    json.fieldIfAny("successes_to_close", b.successesToClose);
    json.endObject();

    json.key("window").beginObject();
    json.field("calls", b.calls).field("failures", b.failures).field("slow", b.slow);
    json.field("consecutive_failures", b.consecutiveFailures);
    json.field("failure_rate", b.failureRate).field("slow_rate", b.slowRate).endObject();

    json.field("failures_to_open", b.failuresToOpen);
    json.field("slow_calls_to_open", b.slowCallsToOpen);
    json.field("relapses", b.relapses);
    json.field("wait_ms", b.wait ? std::optional(static_cast<qint64>(
                                       std::chrono::duration_cast<milliseconds>(*b.wait).count()))
                                 : std::nullopt);
    json.field("not_permitted", b.notPermitted);
    json.field("opens", b.opens).field("resets", b.resets);
    json.field("opened_at", b.openedAt).field("next_attempt_at", b.nextAttemptAt);
    json.key("transitions").beginArray();
    for (const BreakerTransition& t : b.transitions) {
        json.beginObject().field("at", t.at).field("from", toString(t.from));
        json.field("to", toString(t.to)).field("cause", t.cause).endObject();
    }
    json.endArray().key("override");
    if (b.override_) {
        json.beginObject().field("state", toString(b.override_->state));
        json.field("actor", b.override_->actor).field("reason", b.override_->reason);
        json.field("until", b.override_->until).endObject();
    } else {
        json.null();
    }
    json.endObject();
}

Breaker readBreaker(const JsonNode& row, const QString& name) {
    Breaker b;
    b.name = name;
    const auto computed = breakerModeFromString(row["computed_state"].text());
    const auto effective = breakerModeFromString(row["effective_state"].text());
    b.computed = computed.value_or(effective.value_or(BreakerMode::Closed));
    b.effective = effective.value_or(b.computed);

    const JsonNode config = row["config"];
    b.failureThreshold = config["failure_threshold"].smallInteger();
    b.failureRateThreshold = config["failure_rate_threshold"].number();
    b.slowCallRateThreshold = config["slow_call_rate_threshold"].number();
    const auto span = [&config](const char* field) {
        const auto ms = config[field].smallInteger();
        return ms ? std::optional<Duration>(milliseconds(*ms)) : std::nullopt;
    };
    b.slowCallDurationThreshold = span("slow_call_duration_threshold_ms");
    if (const QString type = config["sliding_window_type"].text();
        type == timeBased || type == countBased)
        b.timeBasedWindow = type == timeBased;
    b.windowSize = config["sliding_window_size"].smallInteger();
    b.minimumCalls = config["minimum_number_of_calls"].smallInteger();
    b.waitDurationInOpenState = span("wait_duration_in_open_state_ms");
    b.permittedCallsInHalfOpen = config["permitted_calls_in_half_open"].smallInteger();
    b.successesToClose = config["successes_to_close"].smallInteger();

    const JsonNode window = row["window"];
    b.calls = window["calls"].smallInteger().value_or(0);
    b.failures = window["failures"].smallInteger().value_or(0);
    b.slow = window["slow"].smallInteger().value_or(0);
    b.consecutiveFailures = window["consecutive_failures"].smallInteger().value_or(0);
    b.failureRate = window["failure_rate"].number();
    b.slowRate = window["slow_rate"].number();

    b.failuresToOpen = row["failures_to_open"].smallInteger();
    b.slowCallsToOpen = row["slow_calls_to_open"].smallInteger();
    b.relapses = row["relapses"].smallInteger();
    if (const auto ms = row["wait_ms"].integer(); ms && *ms >= 0)
        b.wait = milliseconds(std::min<qint64>(*ms, longestWaitMs));
    b.notPermitted = row["not_permitted"].integer().value_or(0);
    b.opens = row["opens"].integer();
    b.resets = row["resets"].integer();
    b.openedAt = row["opened_at"].time();
    b.nextAttemptAt = row["next_attempt_at"].time();
    for (const JsonNode& t : row["transitions"].items()) {
        const auto at = t["at"].time();
        const auto from = breakerModeFromString(t["from"].text());
        const auto to = breakerModeFromString(t["to"].text());
        if (at && from && to)
            b.transitions.push_back({*at, *from, *to, t["cause"].text()});
    }
    if (b.transitions.size() > transitionsKept)
        b.transitions.erase(b.transitions.begin(),
                            b.transitions.end() - static_cast<std::ptrdiff_t>(transitionsKept));
    const JsonNode over = row["override"];
    if (const auto state = breakerModeFromString(over["state"].text()))
        b.override_ = BreakerOverride{*state, over["actor"].text(), over["reason"].text(),
                                      over["until"].time()};
    return b;
}

} // namespace

QByteArray encodeBreakers(std::span<const Breaker> breakers) {
    JsonWriter json(64 + static_cast<qsizetype>(breakers.size()) * 768);
    json.beginArray();
    for (const Breaker& breaker : breakers)
        write(json, breaker);
    return json.endArray().take();
}

QByteArray encodeBreaker(const Breaker& breaker) {
    JsonWriter json(1024);
    write(json, breaker);
    return json.take();
}

QByteArray encodeBreakerCalls(std::span<const BreakerCall> calls) {
    JsonWriter json(64 + static_cast<qsizetype>(calls.size()) * 128);
    json.beginArray();
    for (const BreakerCall& call : calls) {
        json.beginObject().field("at", call.at);
        json.field("duration_ms", std::chrono::duration<double, std::milli>(call.duration).count());
        json.field("outcome", call.failed ? QStringLiteral("failure") : QStringLiteral("success"));
        json.field("slow", call.slow).textOrNull("error_code", call.errorCode);
        json.textOrNull("correlation_id", call.correlationId).endObject();
    }
    return json.endArray().take();
}

std::vector<Breaker> readBreakers(const JsonNode& list) {
    std::vector<Breaker> breakers;
    for (const JsonNode& row : list.items()) {
        if (const QString name = row["name"].text(); !name.isEmpty())
            breakers.push_back(readBreaker(row, name));
    }
    return breakers;
}

Outcome<std::vector<Breaker>> decodeBreakers(const QByteArray& body) {
    const QString what = QStringLiteral("The list of circuit breakers");
    const auto root = JsonNode::parse(body, what);
    if (!root)
        return fail(root.error());
    if (!root->isArray())
        return fail(malformed(what, body, QStringLiteral("an array was expected")));
    return readBreakers(*root);
}

} // namespace vigie
