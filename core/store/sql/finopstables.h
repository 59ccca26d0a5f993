#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// The calls of FinopsStore over a connection.
namespace vigie::stores::sql {

/// Inside a transaction.
Outcome<void> addFinopsEvent(Connection& connection, const FinopsEvent& event);
Outcome<std::vector<TokenTotals>> tokenTotals(Connection& connection, const InstanceId& id);
Outcome<std::vector<FinopsEvent>> finopsEvents(Connection& connection, const FinopsQuery& query);

} // namespace vigie::stores::sql
