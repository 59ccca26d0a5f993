#pragma once

#include "core/config/settings.h"
#include "core/resilience/profile.h"

#include <functional>
#include <vector>

namespace vigie {

/// One key of a profile file and what it sets.
struct ProfileField {
    SettingSpec spec;
    /// `value` was checked against the spec.
    std::function<void(Profile&, const QVariant& value)> set;
};

/// Every key but those of [model_timeouts], whose names are free.
const std::vector<ProfileField>& profileFields();

} // namespace vigie
