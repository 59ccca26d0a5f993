#pragma once

#include "core/base/failure.h"

namespace vigie::jobs::provisioning {

/// Whether the provider may have done what failed here.
bool mayHaveHappened(const Failure& failure);

/// The contract's error code of what kept a machine from being created or started.
QString codeOf(const Failure& failure);

} // namespace vigie::jobs::provisioning
