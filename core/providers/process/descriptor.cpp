#include "core/providers/process/processprovider.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace vigie::providers::process {

namespace {

QString path(const char* key) {
    return QStringLiteral("providers.process.") + QLatin1String(key);
}

SettingSpec spec(const char* key, SettingType type, QVariant fallback, const char* help) {
    SettingSpec s;
    s.section = QStringLiteral("providers.process");
    s.key = QLatin1String(key);
    s.type = type;
    s.fallback = std::move(fallback);
    s.help = QString::fromUtf8(help);
    return s;
}

SettingSpec ranged(SettingSpec s, double minimum, double maximum) {
    s.minimum = minimum;
    s.maximum = maximum;
    return s;
}

std::vector<SettingSpec> settings() {
    SettingSpec engine = spec("worker_engine", SettingType::Text, QStringLiteral("mock"),
                              "What its workers front: a mock engine, or none");
    engine.allowed = {QStringLiteral("mock"), QStringLiteral("none")};
    return {
        spec("root", SettingType::Text, QString(),
             "Directory of the machines; empty: machines/ in the state directory"),
        spec("worker_program", SettingType::Text, QString(),
             "Path of vigie-worker; empty: the one beside this program"),
        engine,
        ranged(spec("worker_heartbeat_interval_seconds", SettingType::Seconds, 4.0,
                    "Between two heartbeats of a worker"),
               0.05, 3600),
        ranged(spec("worker_simulate_gpu_count", SettingType::Integer, 1,
                    "GPUs that each worker makes up; 0: what nvidia-smi tells"),
               0, 64),
        ranged(spec("worker_simulate_gpu_vram_mb", SettingType::Integer, 24576,
                    "MiB of memory of each of those"),
               1, 10'000'000),
        ranged(spec("stop_limit_seconds", SettingType::Seconds, 5.0,
                    "From SIGTERM to SIGKILL when a machine is stopped"),
               0.05, 600),
    };
}

Outcome<std::unique_ptr<Provider>> create(const ProviderContext& context) {
    const Settings& s = context.settings;
    ProcessProviderOptions options;
    options.root = s.text(path("root"));
    if (options.root.isEmpty())
        options.root = context.stateDirectory + QStringLiteral("/machines");
    options.workerProgram = s.text(path("worker_program"));
    if (options.workerProgram.isEmpty())
        options.workerProgram =
            QCoreApplication::applicationDirPath() + QStringLiteral("/vigie-worker");
    // The worker is started from its own directory.
    options.workerProgram = QFileInfo(options.workerProgram).absoluteFilePath();
    options.workerEngine = s.text(path("worker_engine"));
    options.heartbeatInterval = s.seconds(path("worker_heartbeat_interval_seconds"));
    options.simulateGpuCount = s.integer(path("worker_simulate_gpu_count"));
    options.simulateGpuVramMb = s.integer(path("worker_simulate_gpu_vram_mb"));
    options.stopLimit = s.seconds(path("stop_limit_seconds"));
    auto provider = ProcessProvider::open(context.clock, std::move(options));
    if (!provider)
        return fail(provider.error());
    return std::unique_ptr<Provider>(std::move(*provider));
}

} // namespace

ProviderDescriptor descriptor() {
    return {QStringLiteral("process"),
            QStringLiteral("machines that are processes on this computer"), settings(), create};
}

} // namespace vigie::providers::process
