#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// POST /deployments, as received; every field is there and not empty.
struct DeploymentRequest {
    QString providerCode, zone, instanceType, modelId;
};

/// POST /auth/login, as received; both are there and not empty.
struct LoginRequest {
    QString email, password;
};

/// The failures of these functions are Invalid and say where in the body the mistake is.
Outcome<DeploymentRequest> decodeDeployment(const QByteArray& body);
Outcome<LoginRequest> decodeLogin(const QByteArray& body);

/// `reason` of a JSON object; empty when it has none.
Outcome<QString> decodeReason(const QByteArray& body);

/// Whether a body holds the character NUL, raw or as the escape \u0000 of JSON: no text here may.
bool holdsNul(const QByteArray& body);

/// Nothing when `body` is one JSON object; otherwise what is wrong with it, at which line and
/// column.
std::optional<Failure> whyNoJsonObject(const QByteArray& body);

} // namespace vigie
