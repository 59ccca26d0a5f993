#pragma once

#include "core/calls/profiles.h"
#include "core/errors/errorpolicy.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/tasks/workspace/taskworkspace.h"

namespace vigie {

/// What a daemon's parts read, with the tasks kept in `folder`.
inline Settings apiSettings(const QString& folder) {
    std::vector<SettingSpec> specs = jobSettings();
    for (auto more : {taskSettings(), profileSettings(), errorSettings()})
        specs.insert(specs.end(), more.begin(), more.end());
    for (const char* section : {"resilience", "circuit_breaker"}) {
        SettingSpec enabled;
        enabled.section = QLatin1String(section);
        enabled.key = QStringLiteral("enabled");
        enabled.type = SettingType::Boolean;
        enabled.fallback = true;
        specs.push_back(std::move(enabled));
    }
    SettingsInput input;
    input.environment.insert(QStringLiteral("VIGIE_TASKS_DIRECTORY"),
                             folder + QStringLiteral("/tasks"));
    auto settings = Settings::read(specs, input);
    if (!settings)
        qFatal("%s", qPrintable(settings.error().message));
    return *settings;
}

} // namespace vigie
