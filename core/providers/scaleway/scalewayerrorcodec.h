#pragma once

#include <QByteArray>
#include <QString>

namespace vigie {

/// An error body of Scaleway's. What is not told is empty; bytes that are no JSON give an empty
/// one.
struct ScalewayErrorBody {
    QString type;                 ///< not_found, invalid_arguments, quotas_exceeded, ...
    QString message;              ///< the API's own sentence
    QString resource, resourceId; ///< what it is about
    QString details;              ///< arguments, quotas or rights, one clause each
    QString reset;                ///< of a rate limit: seconds, or a time
};

/// Never fails; texts are tamed by the caller.
ScalewayErrorBody decodeScalewayError(const QByteArray& body);

} // namespace vigie
