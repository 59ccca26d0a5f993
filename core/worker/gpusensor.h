#pragma once

#include "core/base/clock.h"
#include "core/model/heartbeat.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QProcess;
QT_END_NAMESPACE

namespace vigie {

struct GpuSensorOptions {
    QString program;                              ///< nvidia-smi; empty: a machine without GPUs
    Duration interval = std::chrono::seconds(4);  ///< between runs
    Duration timeLimit = std::chrono::seconds(3); ///< a run that takes longer is killed
};

/// Runs nvidia-smi now and then beside the event loop and keeps its last answer.
class GpuSensor : public QObject {
public:
    GpuSensor(Clock& clock, GpuSensorOptions options);
    ~GpuSensor() override;

    /// The last good answer if it is younger than three intervals, else empty: old figures would
    /// pass for fresh ones.
    std::vector<GpuSample> gpus() const;
    /// Why there is no newer answer; empty when all is well.
    QString problem() const { return m_problem; }

private:
    void run();
    void finish(const QString& problem);

    Clock& m_clock;
    GpuSensorOptions m_options;
    std::unique_ptr<QProcess> m_process;
    std::vector<GpuSample> m_gpus;
    std::optional<MonotonicTime> m_readAt;
    QString m_problem;
    Timer m_limit;
    Timer m_next;
};

} // namespace vigie
