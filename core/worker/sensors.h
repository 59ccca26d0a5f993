#pragma once

#include "core/model/heartbeat.h"

#include <vector>

namespace vigie {

/// What a machine measures about itself at one moment.
struct Figures {
    SystemSample system;
    std::vector<GpuSample> gpus;
};

/// Reads a machine's own figures. Never blocks: a slow reading is answered with the last one.
class Sensors {
public:
    virtual ~Sensors() = default;
    virtual Figures sample() = 0;
};

} // namespace vigie
