#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// The calls of SampleStore over a connection.
namespace vigie::stores::sql {

Outcome<void> saveSamples(Connection& connection, const std::vector<StoredSample>& samples);
Outcome<std::vector<StoredSample>> samples(Connection& connection, const SampleQuery& query);
Outcome<int> removeSamples(Connection& connection, WallTime before, int most);

} // namespace vigie::stores::sql
