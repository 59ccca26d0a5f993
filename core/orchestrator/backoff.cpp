#include "core/orchestrator/backoff.h"

#include <algorithm>

namespace vigie {

Duration backoff(int failures, Duration first, Duration max, std::optional<Duration> retryAfter) {
    Duration delay = std::min(first, max);
    for (int i = 1; i < failures && delay < max; ++i)
        delay = std::min(delay * 2, max);
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
