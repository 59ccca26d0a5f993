#pragma once

#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"

#include <functional>
#include <memory>
#include <vector>

namespace vigie {

struct EngineOptions {
    std::vector<SourceConfig> sources;
    Duration publishEvery = std::chrono::milliseconds(250); ///< at most one snapshot per this
    bool resilienceEnabled = true;
    bool breakerEnabled = true;
    Duration heartbeatThreshold = std::chrono::seconds(300); ///< for our own advice
    Duration bootingLimit = std::chrono::seconds(7200);
    Duration installingLimit = std::chrono::seconds(3600);
    Duration startingLimit = std::chrono::seconds(1800);
};

/// The dashboard's engine on a thread of its own: poll, assess, alert, publish. This is the one
/// header of runtime that the window includes.
class EngineHandle {
public:
    /// `onSnapshot` runs on the thread that made this handle, newest snapshot only.
    EngineHandle(EngineOptions options, std::function<void(SnapshotPtr)> onSnapshot);
    /// Stops polling, drains what runs and joins the thread.
    ~EngineHandle();
    EngineHandle(const EngineHandle&) = delete;
    EngineHandle& operator=(const EngineHandle&) = delete;

    void submit(Command command);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
