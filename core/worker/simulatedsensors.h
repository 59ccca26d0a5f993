#pragma once

#include "core/base/clock.h"
#include "core/worker/sensors.h"

namespace vigie {

/// GPUs whose load swings slowly and smoothly; the same time, index and seed give the same figures.
std::vector<GpuSample> simulatedGpus(MonotonicTime now, int count, int vramMb, quint32 seed);

struct SimulatedMachineSize {
    int cpuCount = 8;
    int ramGb = 32;
    int gpuCount = 1;
    int gpuVramMb = 24576;
    quint32 seed = 0;
};

/// The figures of a machine that does not exist, for simulated workers.
class SimulatedSensors final : public Sensors {
public:
    SimulatedSensors(const Clock& clock, SimulatedMachineSize size);

    Figures sample() override;

private:
    const Clock& m_clock;
    SimulatedMachineSize m_size;
    MonotonicTime m_startedAt;
};

} // namespace vigie
