#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// Instances as rows; columns are the model's table of fields and what only the control plane
/// knows.
namespace vigie::stores::sql {

/// Conflict when the id exists already.
Outcome<void> insertInstance(Connection& connection, const InstanceRecord& record);
/// Compare-and-set: Conflict, naming both versions, when the stored one is not the record's.
Outcome<void> updateInstance(Connection& connection, const InstanceRecord& record);
/// All, or those whose ids are in `only`, a JSON array of texts.
Outcome<std::vector<InstanceRecord>> readInstances(Connection& connection,
                                                   const std::optional<QString>& only = {});

} // namespace vigie::stores::sql
