#pragma once

#include <QByteArray>
#include <QString>

namespace vigie {

/// The body of an error answer: {"error": "<snake_case_code>", "message": "<sentence>"}.
struct ErrorBody {
    QString code;
    QString message;
    QString correlationId;
};
QByteArray encodeError(const ErrorBody& error);
/// What can be found of it in any body; empty fields where there is nothing.
ErrorBody decodeError(const QByteArray& body);

/// The body of GET /version.
struct VersionInfo {
    QString name; ///< "vigied"
    QString version;
};
QByteArray encodeVersion(const VersionInfo& info);
/// Reads `version` under the names that orchestrators use; empty when there is none.
VersionInfo decodeVersion(const QByteArray& body);

} // namespace vigie
