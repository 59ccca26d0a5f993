#pragma once

#include "core/base/outcome.h"
#include "core/resilience/profileset.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// Changes `base` as a profile file says:
///
///     order = ["retry", "circuit_breaker", "timeout"]   # outermost first
///     [retry]
///     attempts = 3
///     [model_timeouts]
///     llama-3 = 30
///
/// What it does not mention stays as it is. Invalid with one line for each mistake, naming `name`,
/// the line, the key, the value and what is allowed.
Outcome<Profile> readProfile(const QByteArray& toml, const QString& name, Profile base);

/// Changes the profiles of a set, each in a table of its own ([api.retry] attempts = 5). A profile
/// that the set does not have is a mistake too: it would be one that nothing uses.
Outcome<ProfileSet> readProfiles(const QByteArray& toml, const QString& name, ProfileSet base);

} // namespace vigie
