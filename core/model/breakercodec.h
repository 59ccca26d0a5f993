#pragma once

#include "core/base/outcome.h"
#include "core/model/breaker.h"

#include <span>
#include <vector>

namespace vigie {

class JsonNode;

/// `[Breaker]` of GET /circuit_breakers. Durations are in milliseconds, rates from 0 to 1.
QByteArray encodeBreakers(std::span<const Breaker> breakers);
/// One of them.
QByteArray encodeBreaker(const Breaker& breaker);
/// GET /circuit_breakers/{name}/calls: [{at, duration_ms, outcome, slow, error_code,
/// correlation_id}].
QByteArray encodeBreakerCalls(std::span<const BreakerCall> calls);

/// Elements that are no objects or have no name are left out.
std::vector<Breaker> readBreakers(const JsonNode& list);
/// Malformed when `body` is no array.
Outcome<std::vector<Breaker>> decodeBreakers(const QByteArray& body);

} // namespace vigie
