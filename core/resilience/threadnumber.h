#pragma once

#include <atomic>

namespace vigie {

namespace detail {
inline constexpr unsigned noThreadNumber = ~0U;
extern thread_local constinit unsigned ownThreadNumber;
unsigned takeThreadNumber() noexcept;
} // namespace detail

/// A small number that no other living thread has: the lowest that is free when a thread first
/// asks, free again when it ends; what the thread before wrote is seen by the next with its number.
/// From `sharedThreadNumber` on numbers are shared: there are too many threads, or this one is
/// ending.
inline constexpr unsigned sharedThreadNumber = 64;

inline unsigned threadNumber() noexcept {
    const unsigned number = detail::ownThreadNumber;
    return number != detail::noThreadNumber ? number : detail::takeThreadNumber();
}

} // namespace vigie
