#pragma once

#include "core/model/instance.h"
#include "core/providers/provider.h"

namespace vigie::jobs::provisioning {

/// Whether the provider may have done what failed here.
bool mayHaveHappened(const Failure& failure);

/// The contract's error code of what kept a machine from being created or started.
QString codeOf(const Failure& failure);

/// Nothing when the provider offers the instance's zone: it did when it was asked for, but settings
/// change.
std::optional<Failure> whyNoZone(const Provider& provider, const Instance& instance);

} // namespace vigie::jobs::provisioning
