#pragma once

#include <functional>
#include <memory>

namespace vigie {

/// Turns SIGTERM and SIGINT into one call on the event loop; a second signal ends the process at
/// once. SIGHUP, when `onHangUp` is given, is a call for each. One per process, made on the thread
/// of the event loop.
class StopSignals {
public:
    explicit StopSignals(std::function<void()> onStop, std::function<void()> onHangUp = {});
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
