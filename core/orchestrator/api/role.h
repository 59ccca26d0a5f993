#pragma once

#include <QString>

#include <optional>

namespace vigie {

/// What a token may do. Viewer, operator and admin each include the one before.
enum class Role {
    Metrics,  ///< only GET /metrics
    Worker,   ///< only its own two calls, for its own instance
    Viewer,   ///< every GET
    Operator, ///< actions
    Admin,    ///< everything
};
QString toString(Role role);
std::optional<Role> roleFromString(QStringView word);

/// What a call asks of its caller.
enum class Need { Nobody, Metrics, Viewer, Operator, Admin, Worker };

bool suffices(Role role, Need need);

/// "a token with the role operator or admin": for the sentence of a 403.
QString whoMay(Need need);

} // namespace vigie
