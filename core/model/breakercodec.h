#pragma once

#include "core/base/outcome.h"
#include "core/model/breaker.h"

#include <span>
#include <vector>

namespace vigie {

class JsonNode;

/// `[Breaker]` of GET /circuit_breakers. Durations are in milliseconds, rates from 0 to 1.
QByteArray encodeBreakers(std::span<const Breaker> breakers);

/// Elements that are no objects or have no name are left out.
std::vector<Breaker> readBreakers(const JsonNode& list);
/// Malformed when `body` is no array.
Outcome<std::vector<Breaker>> decodeBreakers(const QByteArray& body);

} // namespace vigie
