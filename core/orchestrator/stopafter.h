#pragma once

#include "core/base/clock.h"

#include <functional>
#include <stop_token>

namespace vigie {

/// A stop token that is also asked to stop after a time limit: what a call to the outside gets.
class StopAfter {
public:
    StopAfter(Clock& clock, Duration limit, std::stop_token parent)
        : m_timer(clock.schedule(limit, [source = m_source]() mutable { source.request_stop(); })),
          m_onParent(std::move(parent), [source = m_source]() mutable { source.request_stop(); }) {}
    StopAfter(const StopAfter&) = delete;
    StopAfter& operator=(const StopAfter&) = delete;

    std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    Timer m_timer;
    std::stop_callback<std::function<void()>> m_onParent;
};

} // namespace vigie
