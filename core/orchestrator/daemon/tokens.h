#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/store/store.h"

#include <vector>

/// What `vigied token` does, on the store of the settings, whether a vigied has it open or not.
/// Every running vigied on that store follows within two seconds.
namespace vigie::tokens {

struct Wish {
    QString name;      ///< letters, digits and . _ @ -; at most 64
    QString role;      ///< viewer, operator, admin or metrics
    QString expiresIn; ///< "90s", "15m", "12h", "30d"; empty: never
};
/// The token itself, which is nowhere else. Invalid for a wish that can't be granted, Conflict when
/// the name is taken.
Task<Outcome<QString>> create(Clock& clock, const Settings& settings, Wish wish);

Task<Outcome<std::vector<AccessToken>>> list(const Settings& settings);

/// NotFound when there is no token of that name.
Task<Outcome<void>> revoke(const Settings& settings, QString name);

/// A line for people: name, role, when it was made and how long it is good.
QString lineOf(const AccessToken& token, WallTime now);
/// {name, role, created_at, expires_at}
QByteArray encode(const AccessToken& token);

} // namespace vigie::tokens
