#include "core/model/breaker.h"

#include "core/model/words.h"

namespace vigie {

namespace {

using enum BreakerMode;

constexpr std::array<Word<BreakerMode>, 7> modes{{
    {Closed, u"closed"},
    {HalfOpen, u"half_open"},
    {Open, u"open"},
    {ForcedOpen, u"forced_open"},
    {ForcedClosed, u"forced_closed"},
    {Disabled, u"disabled"},
    {MetricsOnly, u"metrics_only"},
}};

} // namespace

QString toString(BreakerMode mode) {
    return wordOf(modes, mode);
}

std::optional<BreakerMode> breakerModeFromString(QStringView word) {
    return fromWord(modes, word);
}

} // namespace vigie
