#pragma once

#include "core/base/outcome.h"
#include "core/model/command.h"

#include <functional>
#include <memory>
#include <vector>

namespace vigie {

/// The built-in demo: two orchestrators with simulated, lively machines on loopback, on a thread of
/// their own, reached like any other source. Their databases are temporary.
class DemoFleet {
public:
    /// `onReady` runs on the calling thread (which needs an event loop): the two sources as soon as
    /// both listen, or why there is no demo. Their instances are deployed meanwhile.
    explicit DemoFleet(std::function<void(Outcome<std::vector<SourceConfig>>)> onReady);
    /// Stops both orchestrators and removes their files.
    ~DemoFleet();
    DemoFleet(const DemoFleet&) = delete;
    DemoFleet& operator=(const DemoFleet&) = delete;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
