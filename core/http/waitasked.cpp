#include "core/http/waitasked.h"

#include "core/http/retryafter.h"
#include "core/model/jsonscalars.h"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr double longestSeconds = 86'400;

std::optional<double> numberOf(const QByteArray& text) {
    // QByteArray would also take "nan", "inf" and hexadecimal numbers.
    const bool plain = !text.isEmpty() && text.size() < 32 && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || c == '.';
    });
    bool ok = false;
    const double number = plain ? text.toDouble(&ok) : 0;
    return ok ? std::optional(number) : std::nullopt;
}

std::optional<Duration> capped(double seconds) {
    const double bounded = std::clamp(seconds, 0.0, longestSeconds);
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(bounded));
}

/// "6m0s", "1h2m", "20ms", "1.5s": as Go prints durations.
std::optional<double> goDuration(const QByteArray& text) {
    double seconds = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype start = at;
        while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.'))
            ++at;
        const auto number = numberOf(text.mid(start, at - start));
        const qsizetype unitStart = at;
        while (at < text.size() && text[at] >= 'a' && text[at] <= 'z')
            ++at;
        const QByteArray unit = text.mid(unitStart, at - unitStart);
        const double scale = unit == "h"    ? 3600
                             : unit == "m"  ? 60
                             : unit == "s"  ? 1
                             : unit == "ms" ? 0.001
                             : unit == "us" ? 1e-6
                             : unit == "ns" ? 1e-9
                                            : 0;
        if (!number || scale == 0)
            return {};
        seconds += *number * scale;
    }
    return text.isEmpty() ? std::nullopt : std::optional(seconds);
}

std::optional<Duration> fromReset(const QByteArray& value, WallTime now) {
    const QByteArray text = value.trimmed();
    const double nowSeconds = std::chrono::duration<double>(now.time_since_epoch()).count();
    if (const auto number = numberOf(text)) {
        // Nobody resets in thirty years: such numbers are times, in seconds or milliseconds.
        if (*number >= 1e12)
            return capped(*number / 1000 - nowSeconds);
        return capped(*number >= 1e9 ? *number - nowSeconds : *number);
    }
    if (const auto seconds = goDuration(text.toLower()))
        return capped(*seconds);
    const std::string_view view(text.constData(), static_cast<std::size_t>(text.size()));
    if (const auto time = timeFromText(view))
        return capped(std::chrono::duration<double>(*time - now).count());
    if (const auto time = fromHttpDate(text))
        return capped(std::chrono::duration<double>(*time - now).count());
    return {};
}

/// The RateLimit field: `limit=10, remaining=0, reset=5` in the earlier drafts,
/// `"default";r=0;t=5, "day";r=7;t=3600` in the later ones.
std::optional<Duration> fromRateLimit(const QByteArray& value, WallTime now) {
    std::optional<Duration> longest;
    const bool isEarlier = value.contains("reset=");
    const QList<QByteArray> items = isEarlier ? QList{value} : value.split(',');
    for (const QByteArray& item : items) {
        std::optional<double> remaining;
        std::optional<Duration> reset;
        QByteArray pairs = item;
        for (const QByteArray& part : pairs.replace(',', ';').split(';')) {
            const qsizetype equals = part.indexOf('=');
            const QByteArray key = part.left(std::max<qsizetype>(equals, 0)).trimmed();
            const QByteArray content = part.mid(equals + 1).trimmed();
            if (key == (isEarlier ? "remaining" : "r"))
                remaining = numberOf(content);
            else if (key == (isEarlier ? "reset" : "t"))
                reset = fromReset(content, now);
        }
        if (reset && remaining.value_or(0) <= 0)
            longest = std::max(longest.value_or(*reset), *reset);
    }
    return longest;
}

std::optional<Duration> resetOfLimits(const HttpReply& reply, WallTime now) {
    std::optional<Duration> longest;
    for (const auto& [header, value] : reply.headers) {
        QByteArray name = header.toLower();
        std::optional<Duration> reset;
        if (name == "ratelimit") {
            reset = fromRateLimit(value, now);
        } else if (name.contains("reset") &&
                   (name.contains("ratelimit") || name.contains("rate-limit"))) {
            const auto remaining =
                numberOf(reply.header(name.replace("reset", "remaining")).trimmed());
            if (remaining.value_or(0) <= 0)
                reset = fromReset(value, now);
        }
        if (reset)
            longest = std::max(longest.value_or(*reset), *reset);
    }
    return longest;
}

} // namespace

std::optional<Duration> waitAsked(const HttpReply& reply) {
    const WallTime now = fromHttpDate(reply.header("Date")).value_or(reply.receivedAt);
    if (const auto milliseconds = numberOf(reply.header("retry-after-ms").trimmed()))
        return capped(*milliseconds / 1000);
    if (const auto wait = fromRetryAfter(reply.header("Retry-After"), now))
        return wait;
    switch (reply.status) {
    case 403:
    case 429:
    case 503:
    case 529:
        return resetOfLimits(reply, now);
    default:
        return {};
    }
}

} // namespace vigie
