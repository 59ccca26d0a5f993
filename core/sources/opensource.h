#pragma once

#include "core/sources/source.h"

namespace vigie {

/// The source that `context.config` describes. Without a kind in it, the source finds its kind out
/// from the answers it gets, poll by poll, until something is recognised. Invalid for a kind that
/// no descriptor has.
Outcome<std::unique_ptr<Source>> openSource(const std::vector<SourceDescriptor>& kinds,
                                            SourceContext context);

} // namespace vigie
