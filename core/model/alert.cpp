#include "core/model/alert.h"

#include "core/model/words.h"

namespace vigie {

namespace {

constexpr std::array<Word<Severity>, 3> severities{{
    {Severity::Info, u"info"},
    {Severity::Warning, u"warning"},
    {Severity::Critical, u"critical"},
}};

constexpr std::array<Word<AlertState>, 3> states{{
    {AlertState::Pending, u"pending"},
    {AlertState::Firing, u"firing"},
    {AlertState::Resolved, u"resolved"},
}};

} // namespace

QString toString(Severity severity) {
    return wordOf(severities, severity);
}

std::optional<Severity> severityFromString(QStringView word) {
    return fromWord(severities, word);
}

QString toString(AlertState state) {
    return wordOf(states, state);
}

std::optional<AlertState> alertStateFromString(QStringView word) {
    return fromWord(states, word);
}

} // namespace vigie
