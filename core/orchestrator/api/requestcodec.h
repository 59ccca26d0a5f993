#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

class QJsonObject;

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

/// What texts of a JSON body may hold beside line breaks and tabs.
enum class Texts {
    Printable, ///< no other control character: they stand in logs, lists and terminals
    Any,       ///< all but NUL: what models are asked
};
/// Nothing when no character is in the way, raw or as an escape; otherwise which, and where.
std::optional<Failure> whyNotPrintable(const QByteArray& body, Texts texts);

/// Nothing when all fields of an object are among `known`; otherwise which is not, and what there
/// is. A misspelt one must not look as if it were in force. `where`: "release.", or empty.
std::optional<Failure> whyUnknownField(const QJsonObject& object, const QStringList& known,
                                       const QString& where = {});

/// Nothing when `body` is empty, or an object with at most a `reason`; otherwise what else is
/// there.
std::optional<Failure> whyMoreThanReason(const QByteArray& body);

/// Nothing when `body` is one JSON object; otherwise what is wrong with it, at which line and
/// column.
std::optional<Failure> whyNoJsonObject(const QByteArray& body);

} // namespace vigie
