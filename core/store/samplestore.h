#pragma once

#include "core/base/ids.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/model/activity.h"

#include <vector>

namespace vigie {

struct StoredSample {
    InstanceId instanceId;
    ActivitySample sample;
};

struct SampleQuery {
    WallTime after{}, until{}; ///< the first is left out, the last is not
    InstanceId instanceId;     ///< empty: of all
    int limit = 1000;          ///< 1..1000000
};

/// What instances' GPUs and machines did, for a while. A store that keeps none, as by default,
/// takes everything and knows nothing.
class SampleStore {
public:
    virtual ~SampleStore() = default;
    /// All or none.
    virtual Task<Outcome<void>> saveSamples(std::vector<StoredSample> samples);
    /// By instance, each's oldest first; with more than `limit` of them any `limit`.
    virtual Task<Outcome<std::vector<StoredSample>>> samples(SampleQuery query);
    /// Removes those of `before` and older, at most `most` of them; how many.
    virtual Task<Outcome<int>> removeSamples(WallTime before, int most);
};

} // namespace vigie
