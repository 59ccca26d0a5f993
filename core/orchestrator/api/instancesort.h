#pragma once

#include "core/model/instance.h"

#include <QStringList>

#include <vector>

namespace vigie {

/// The contract's sort_by words: created_at, status, provider, region, zone, type, cost_per_hour,
/// total_cost.
QStringList instanceSortKeys();

/// Sorts by one of instanceSortKeys(). What has no value comes last either way; equal rows keep the
/// order of their ids, so that pages neither repeat nor lose one.
void sortInstances(std::vector<const Instance*>& instances, const QString& key, bool ascending);

} // namespace vigie
