#pragma once

#include "core/base/clock.h"
#include "core/worker/gpusensor.h"
#include "core/worker/procparser.h"
#include "core/worker/sensors.h"

#include <QString>

#include <optional>

namespace vigie {

struct HostSensorsOptions {
    QString procDirectory = QStringLiteral("/proc");
    QString diskPath = QStringLiteral("/");
    /// Rates are measured over at least this long; calls in between get the same figures again.
    Duration window = std::chrono::seconds(1);
    GpuSensorOptions gpu;
    int simulateGpuCount = 0; ///< over 0: these instead of nvidia-smi's
    int simulateGpuVramMb = 24576;
};

/// The real figures of this machine: /proc, the file system of a path, nvidia-smi.
class HostSensors final : public Sensors {
public:
    HostSensors(Clock& clock, HostSensorsOptions options);

    Figures sample() override;

private:
    SystemSample readSystem();

    Clock& m_clock;
    HostSensorsOptions m_options;
    GpuSensor m_gpu;
    std::optional<SystemSample> m_system;
    MonotonicTime m_sampledAt{};
    std::optional<CpuTicks> m_cpu;
    std::optional<NetworkTotals> m_network;
};

} // namespace vigie
