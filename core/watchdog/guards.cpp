#include "core/watchdog/guards.h"

#include <array>
#include <utility>

namespace vigie {

namespace {

constexpr std::array<std::pair<RemedyStep, QStringView>, 3> stepWords{{
    {RemedyStep::RestartWorker, u"restart_worker"},
    {RemedyStep::Reinstall, u"reinstall"},
    {RemedyStep::Replace, u"replace"},
}};

} // namespace

QString toString(AutomationMode mode) {
    return mode == AutomationMode::Act ? QStringLiteral("act") : QStringLiteral("observe");
}

QString toString(RemedyStep step) {
    for (const auto& [known, word] : stepWords) {
        if (known == step)
            return word.toString();
    }
    return {};
}

std::optional<RemedyStep> remedyStepFromString(QStringView word) {
    for (const auto& [step, known] : stepWords) {
        if (known == word)
            return step;
    }
    return std::nullopt;
}

} // namespace vigie
