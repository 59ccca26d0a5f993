#include "core/base/timeformat.h"
#include "core/providers/process/processprovider.h"

#include <QFile>
#include <QFileInfo>

namespace vigie {

namespace {

/// What a worker may know of our own environment: never our tokens, nor keys meant for us.
constexpr const char* inherited[] = {
    "PATH",   "HOME",         "LANG",          "LC_ALL",         "TZ",
    "TMPDIR", "SSL_CERT_DIR", "SSL_CERT_FILE", "LD_LIBRARY_PATH"};

/// Keeps one old log, so that a worker which is restarted for ever does not fill the disk.
void rotate(const QString& path) {
    constexpr qint64 limit = 1024 * 1024;
    if (QFileInfo(path).size() <= limit)
        return;
    const QString old = path + QStringLiteral(".1");
    QFile::remove(old);
    QFile::rename(path, old);
}

} // namespace

QByteArray ProcessProvider::mark(const MachineId& id) const {
    return "MACHINE_SLOT=" + QFile::encodeName(m_slots.path(id));
}

SpawnRequest ProcessProvider::spawnRequest(const SlotRecord& slot) const {
    SpawnRequest request;
    request.program = m_options.workerProgram;
    request.arguments = {QStringLiteral("--engine"), m_options.workerEngine};
    request.directory = m_slots.dataPath(slot.machine);
    request.standardOutput = m_slots.path(slot.machine) + QStringLiteral("/stdout.log");
    request.standardError = m_slots.path(slot.machine) + QStringLiteral("/stderr.log");
    rotate(request.standardOutput);
    rotate(request.standardError);

    QList<QByteArray>& environment = request.environment;
    for (const char* name : inherited)
        if (qEnvironmentVariableIsSet(name))
            environment.append(QByteArray(name) + '=' + qgetenv(name));
    const auto set = [&environment](const char* name, const QString& value) {
        environment.append(QByteArray(name) + '=' + value.toUtf8());
    };
    environment.append(mark(slot.machine));
    set("CONTROL_PLANE_URL", slot.controlPlaneUrl.toString());
    set("INSTANCE_ID", slot.instanceId.value());
    set("WORKER_ID", QStringLiteral("worker-") + slot.machine.value());
    set("MODEL_ID", slot.modelId);
    if (!slot.correlationId.isEmpty())
        set("WORKER_CORRELATION_ID", slot.correlationId);
    set("WORKER_AUTH_TOKEN_FILE", m_slots.secretPath(slot.machine));
    set("WORKER_HEALTH_PORT", QStringLiteral("0"));
    set("WORKER_DISK_PATH", m_slots.dataPath(slot.machine));
    set("WORKER_HEARTBEAT_INTERVAL_S",
        QString::number(toSeconds(m_options.heartbeatInterval), 'g', 10));
    set("WORKER_SIMULATE_GPU_COUNT", QString::number(m_options.simulateGpuCount));
    set("WORKER_SIMULATE_GPU_VRAM_MB", QString::number(m_options.simulateGpuVramMb));
    return request;
}

} // namespace vigie
