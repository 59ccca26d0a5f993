#pragma once

#include "core/resilience/errorclass.h"

#include <algorithm>
#include <vector>

namespace vigie {

/// Which failures a fallback stands in for. The fallback itself, a function from the failure to
/// another result, is given with the call: it knows what a useful answer is.
struct Fallback {
    std::vector<ErrorClass> only{}; ///< empty: every class but Cancelled

    bool handles(ErrorClass errorClass) const {
        if (only.empty())
            return errorClass != ErrorClass::Cancelled; // the caller has gone
        return std::find(only.begin(), only.end(), errorClass) != only.end();
    }
};

} // namespace vigie
