#include "core/orchestrator/backoff.h"

#include "core/resilience/backoff.h"
#include "core/store/store.h"

#include <algorithm>

namespace vigie {

namespace {

/// FNV-1a: the same on every replica and after a restart.
std::uint64_t seedOf(const QString& whom) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char byte : whom.toUtf8())
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
    return hash;
}

} // namespace

Duration backoff(const QString& whom, int failures, Duration first, Duration max,
                 std::optional<Duration> retryAfter) {
    constexpr int mostSteps = 64; // the cap is reached by then
    BackoffOptions options;
    options.first = std::min(first, max);
    options.max = max;
    Backoff waits(options, seedOf(whom));
    Duration delay{};
    for (int i = 0; i < std::clamp(failures, 1, mostSteps); ++i)
        delay = waits.next();
    return std::max(delay, retryAfter.value_or(Duration::zero()));
}

bool isOutOfStock(const Failure& failure) {
    QString code = failure.code.toLower();
    code.remove(QLatin1Char('_')).remove(QLatin1Char('-')).remove(QLatin1Char(' '));
    return code.endsWith(QLatin1String("outofstock"));
}

bool isAboutTheMachine(const Failure& failure) {
    switch (failure.kind) {
    case FailureKind::NotFound:
    case FailureKind::Invalid:
    case FailureKind::Unsupported:
    case FailureKind::Conflict:
        return true;
    default:
        return isOutOfStock(failure);
    }
}

bool wasNeverSent(const Failure& failure) {
    return failure.kind == FailureKind::BreakerOpen || failure.kind == FailureKind::Overloaded ||
           isLeaseLost(failure);
}

bool isPermanent(const Failure& failure) {
    switch (failure.kind) {
    case FailureKind::Invalid:
    case FailureKind::Unsupported:
    case FailureKind::Unauthorized:
    case FailureKind::Forbidden:
        return true;
    default:
        return isOutOfStock(failure);
    }
}

} // namespace vigie
