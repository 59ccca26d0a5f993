#pragma once

#include "core/model/fleetsnapshot.h"

namespace vigie {

/// One believable instance, another for each `number`: most are well, a few numbers below 30 are
/// dead, suspect, starting, failed or gone. The same at every call.
InstanceView sampleInstance(int number, const SourceId& source, Freshness freshness);

/// A stable UUID for `number`.
QString sampleUuid(int number);

} // namespace vigie
