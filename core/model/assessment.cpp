#include "core/model/assessment.h"

#include "core/model/words.h"

namespace vigie {

namespace {

constexpr std::array<Word<Verdict>, 5> verdicts{{
    {Verdict::Unknown, u"unknown"},
    {Verdict::Alive, u"alive"},
    {Verdict::Suspect, u"suspect"},
    {Verdict::Dead, u"dead"},
    {Verdict::Gone, u"gone"},
}};

} // namespace

QString toString(Verdict verdict) {
    return wordOf(verdicts, verdict);
}

Verdict verdictFromString(QStringView word) {
    return fromWord(verdicts, word).value_or(Verdict::Unknown);
}

} // namespace vigie
