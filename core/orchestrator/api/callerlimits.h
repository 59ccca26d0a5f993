#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/resilience/ratelimiter.h"

#include <QHash>
#include <QString>

#include <memory>
#include <optional>

namespace vigie {

/// How many calls each token may make, so that one caller gone wild does not take the API from the
/// others. Knows a bounded number of callers; those that have been calm are forgotten first.
class CallerLimits {
public:
    /// `perSecond`: 1 to 1000000; twice as many may come at once.
    CallerLimits(Clock& clock, int perSecond);

    /// Counts a call; how long to wait when it is one too many.
    std::optional<Duration> refuse(const QString& caller);

    static constexpr qsizetype mostCallers = 16 * 1024;

private:
    using CallerName = StrongId<struct CallerNameTag>; // for its hash

    void forgetTheCalm();

    Clock& m_clock;
    RateLimiterOptions m_options;
    QHash<CallerName, std::shared_ptr<RateLimiter>> m_callers;
};

} // namespace vigie
