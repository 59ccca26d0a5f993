#pragma once

#include "core/base/failure.h"

namespace vigie {

/// first, 2 * first, 4 * first ... up to max, each 10 % longer or shorter (the engine's Backoff),
/// for the attempt after `failures` of them in a row (1 or more); at least what the other side
/// asked for. What failed for many machines at once comes back spread out, and for one of them,
/// `whom`, every replica finds the same wait.
Duration backoff(const QString& whom, int failures, Duration first, Duration max,
                 std::optional<Duration> retryAfter = std::nullopt);

/// Whether asking a provider again can't help: a bad request, missing rights, no such ability, out
/// of stock.
bool isPermanent(const Failure& failure);

/// Whether a failed command says something about the machine it was for. A provider that can't be
/// reached, or doesn't let us in, says nothing about anybody's machine.
bool isAboutTheMachine(const Failure& failure);

/// Whether a call was refused by ourselves before it was sent: by an open circuit breaker, a limit
/// of ours, or for want of a lease. That says nothing about the other side and uses up no try.
bool wasNeverSent(const Failure& failure);

/// Whether a provider refused for want of machines (its code says so).
bool isOutOfStock(const Failure& failure);

} // namespace vigie
