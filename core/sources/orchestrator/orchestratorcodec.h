#pragma once

#include "core/base/outcome.h"
#include "core/model/action.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace vigie {

/// The body of POST /auth/login.
QByteArray encodeLogin(const QString& email, const QString& password);
/// The token in the answer to a login, under the names that are in use; empty when there is none.
QString decodeLoginToken(const QByteArray& body);

struct WhoAmI {
    QString actor, role;
    std::vector<Action> allowedActions{}; ///< those that this version knows
};
/// GET /whoami; empty fields for what it does not tell.
WhoAmI decodeWhoAmI(const QByteArray& body);

/// The sentence of an accepted action ({status, message}); empty when there is none.
QString decodeActionAnswer(const QByteArray& body);

/// 0..1: how much a body looks like one of an orchestrator's.
double orchestratorLikeness(const QByteArray& body);

} // namespace vigie
