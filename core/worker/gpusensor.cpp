#include "core/worker/gpusensor.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/worker/gpuparser.h"

#include <QProcess>

namespace vigie {

GpuSensor::GpuSensor(Clock& clock, GpuSensorOptions options)
    : m_clock(clock), m_options(std::move(options)) {
    if (!m_options.program.isEmpty())
        run();
}

GpuSensor::~GpuSensor() {
    if (m_process) {
        m_process->disconnect(this);
        m_process->kill();
        // SIGKILL takes effect at once; without the wait QProcess would warn about it.
        m_process->waitForFinished(1000);
    }
}

std::vector<GpuSample> GpuSensor::gpus() const {
    const bool fresh = m_readAt && m_clock.now() - *m_readAt < 3 * m_options.interval;
    return fresh ? m_gpus : std::vector<GpuSample>();
}

void GpuSensor::run() {
    m_process = std::make_unique<QProcess>();
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(QStringLiteral("%1 can't be started: %2")
                       .arg(m_options.program, m_process->errorString()));
    });
    connect(m_process.get(), &QProcess::finished, this,
            [this](int exitCode, QProcess::ExitStatus status) {
                if (status != QProcess::NormalExit || exitCode != 0) {
                    finish(QStringLiteral("%1 failed (%2)")
                               .arg(m_options.program, status == QProcess::NormalExit
                                                           ? QString::number(exitCode)
                                                           : QStringLiteral("killed")));
                    return;
                }
                auto gpus = parseNvidiaSmi(m_process->readAllStandardOutput());
                if (gpus) {
                    m_gpus = std::move(*gpus);
                    m_readAt = m_clock.now();
                }
                finish(gpus ? QString() : gpus.error().message);
            });
    m_limit = m_clock.schedule(m_options.timeLimit, [this] { m_process->kill(); });
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_process->start(m_options.program, nvidiaSmiArguments(), QIODevice::ReadOnly);
}

void GpuSensor::finish(const QString& problem) {
    m_limit.cancel();
    if (!problem.isEmpty() && problem != m_problem)
        logWarning(QStringLiteral("worker.gpu"), problem);
    m_problem = problem;
    m_next = m_clock.schedule(m_options.interval, [this] { run(); });
}

} // namespace vigie
