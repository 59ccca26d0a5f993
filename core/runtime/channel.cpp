#include "core/runtime/channel.h"

namespace vigie {

SourceStatus Channel::status() const {
    SourceStatus status = poller.status();
    if (!blind() && !fleet.views().empty()) {
        status.beatsPerSecond = fleet.beats().perSecond();
        status.beatsExpectedPerSecond = fleet.beats().expectedPerSecond();
    }
    return status;
}

} // namespace vigie
