#pragma once

#include "core/base/outcome.h"
#include "core/providers/scaleway/scalewayserver.h"

#include <QByteArray>
#include <QHash>

namespace vigie {

/// The bodies of the instance API about servers. Fields that are not known here are ignored; an
/// answer without an id, a state or a list where there must be one is Malformed.
QByteArray encodeNewServer(const NewScalewayServer& server);
QByteArray encodeServerAction(const QString& action);
QByteArray encodeTags(const QStringList& tags);
Outcome<ScalewayServer> decodeServer(const QByteArray& body);
Outcome<ScalewayPage<ScalewayServer>> decodeServers(const QByteArray& body);

/// GET /products/servers, the types that a zone sells.
Outcome<std::vector<ScalewayType>> decodeServerTypes(const QByteArray& body);
/// GET /products/servers/availability: "available", "scarce" or "shortage" by type.
Outcome<QHash<QString, QString>> decodeStock(const QByteArray& body);

} // namespace vigie
