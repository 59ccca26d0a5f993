#pragma once

#include "core/base/failure.h"

#include <tl/expected.hpp>

namespace vigie {

/// A value or the failure that stands in its place.
template <typename T>
using Outcome = tl::expected<T, Failure>;

inline tl::unexpected<Failure> fail(Failure failure) {
    return tl::unexpected<Failure>(std::move(failure));
}

inline tl::unexpected<Failure> fail(FailureKind kind, QString message) {
    return tl::unexpected<Failure>(Failure{kind, std::move(message), 0, {}, {}, {}});
}

} // namespace vigie
