#pragma once

#include "core/store/store.h"

#include <QStringList>

namespace vigie::stores::postgres {

/// What is sent with NOTIFY: "<origin>|<l for logs, t for tokens>|<id>,<id>,...", in as many pieces
/// as the server's limit asks for.
QStringList announcementsOf(const StoreNews& news, const QString& origin);
/// Nothing for what `ownOrigin` sent, and for what is none of ours.
std::optional<StoreNews> newsFrom(const QString& payload, const QString& ownOrigin);

} // namespace vigie::stores::postgres
