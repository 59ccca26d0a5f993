#pragma once

#include "core/config/settings.h"

namespace vigie::jobs {

/// One key of a job's section, on one line.
inline SettingSpec jobSpec(const QString& section, QStringView key, SettingType type,
                           QVariant fallback, QStringView help, QStringView seedVariable = {},
                           std::optional<double> minimum = {}, std::optional<double> maximum = {}) {
    SettingSpec spec;
    spec.section = section;
    spec.key = key.toString();
    spec.type = type;
    spec.fallback = std::move(fallback);
    spec.help = help.toString();
    spec.seedVariable = seedVariable.toString();
    spec.minimum = minimum;
    spec.maximum = maximum;
    return spec;
}

/// "jobs.health-check" and "parallel": "jobs.health-check.parallel".
inline QString jobPath(const QString& section, QStringView key) {
    return section + QLatin1Char('.') + key.toString();
}

} // namespace vigie::jobs
