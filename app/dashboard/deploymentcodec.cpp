#include "app/dashboard/deploymentcodec.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

QByteArray encodeDeployment(const QString& provider, const QString& zone, const QString& type,
                            const QString& model) {
    return QJsonDocument(QJsonObject{{QStringLiteral("provider_code"), provider},
                                     {QStringLiteral("zone"), zone},
                                     {QStringLiteral("instance_type"), type},
                                     {QStringLiteral("model_id"), model}})
        .toJson(QJsonDocument::Compact);
}

} // namespace vigie
