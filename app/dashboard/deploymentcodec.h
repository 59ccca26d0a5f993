#pragma once

#include <QByteArray>
#include <QString>

namespace vigie {

/// The body of POST /deployments.
QByteArray encodeDeployment(const QString& provider, const QString& zone, const QString& type,
                            const QString& model);

} // namespace vigie
