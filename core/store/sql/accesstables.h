#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// The calls of AccessStore over a connection.
namespace vigie::stores::sql {

Outcome<std::vector<AccessToken>> tokens(Connection& connection);
/// Conflict when the name is taken.
Outcome<void> addToken(Connection& connection, const AccessToken& token);

/// NotFound when there is no token of that name.
Outcome<void> removeToken(Connection& connection, const QString& name);

/// Also forgets what is older than 24 h before `answer.at`.
Outcome<AccessStore::RememberedAnswer> rememberAnswer(Connection& connection, const QByteArray& key,
                                                      const AccessStore::RememberedAnswer& answer);
Outcome<std::optional<AccessStore::RememberedAnswer>> recallAnswer(Connection& connection,
                                                                   const QByteArray& key);

} // namespace vigie::stores::sql
