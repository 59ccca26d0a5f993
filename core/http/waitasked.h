#pragma once

#include "core/http/httpclient.h"

#include <optional>

namespace vigie {

/// How long the server of an error answer asks us to wait: its Retry-After (seconds or a date, by
/// the server's own clock where it tells it), retry-after-ms, or else, for 403, 429, 503 and 529,
/// the time at which a used-up limit starts anew: `x-ratelimit-reset*`, `ratelimit-reset`,
/// `anthropic-ratelimit-*-reset` and the RateLimit field of the IETF drafts. A reset is seconds
/// from now, a time ("2026-11-22T08:00:00Z" or seconds or milliseconds since 1970) or a duration
/// such as "6m0.5s". Limits that are not used up are passed over; of several the latest counts.
/// Never negative, a day at most; nothing when no such header can be read.
std::optional<Duration> waitAsked(const HttpReply& reply);

} // namespace vigie
