#include "core/worker/workersettings.h"

#include <QFile>
#include <QHostAddress>
#include <QRegularExpression>
#include <QStandardPaths>

namespace vigie {

namespace {

QString key(const char* name) {
    return QStringLiteral("worker.") + QLatin1String(name);
}

SettingSpec spec(const char* name, SettingType type, QVariant fallback, const char* help,
                 const char* variable = "", const char* flag = "") {
    SettingSpec s;
    s.section = QStringLiteral("worker");
    s.key = QLatin1String(name);
    s.type = type;
    s.fallback = std::move(fallback);
    s.help = QString::fromUtf8(help);
    s.seedVariable = QLatin1String(variable);
    s.flag = QLatin1String(flag);
    return s;
}

SettingSpec text(const char* name, const char* fallback, const char* help,
                 const char* variable = "", const char* flag = "") {
    return spec(name, SettingType::Text, QString::fromUtf8(fallback), help, variable, flag);
}

SettingSpec number(SettingSpec s, double minimum, double maximum) {
    s.minimum = minimum;
    s.maximum = maximum;
    return s;
}

SettingSpec seconds(const char* name, double fallback, double minimum, double maximum,
                    const char* help, const char* variable = "", const char* flag = "") {
    return number(spec(name, SettingType::Seconds, fallback, help, variable, flag), minimum,
                  maximum);
}

SettingSpec integer(const char* name, int fallback, double minimum, double maximum,
                    const char* help, const char* variable = "", const char* flag = "") {
    return number(spec(name, SettingType::Integer, fallback, help, variable, flag), minimum,
                  maximum);
}

tl::unexpected<Failure> refuse(const QString& message) {
    return fail(FailureKind::Invalid, message);
}

Outcome<QUrl> httpUrl(const Settings& settings, const char* name, const char* variable) {
    const QString given = settings.text(key(name));
    const QUrl url(given, QUrl::StrictMode);
    const bool web =
        url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !web || url.host().isEmpty())
        return refuse(QStringLiteral("%1 (%2) is \"%3\"; expected a URL such as "
                                     "http://127.0.0.1:8003")
                          .arg(key(name), QLatin1String(variable), given));
    return url;
}

Outcome<QString> secret(const Settings& settings) {
    const QString given = settings.text(key("auth_token"));
    const QString path = settings.text(key("auth_token_file"));
    if (!given.isEmpty() || path.isEmpty())
        return given;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(QStringLiteral("worker.auth_token_file (WORKER_AUTH_TOKEN_FILE): %1 can't "
                                     "be read: %2")
                          .arg(path, file.errorString()));
    const QString token = QString::fromUtf8(file.read(64 * 1024)).trimmed();
    if (token.isEmpty())
        return refuse(QStringLiteral("worker.auth_token_file (WORKER_AUTH_TOKEN_FILE): %1 is "
                                     "empty")
                          .arg(path));
    return token;
}

FaultOptions faults(const Settings& settings) {
    FaultOptions f;
    f.failEvery = settings.integer(key("mock_fail_every"));
    f.slowEvery = settings.integer(key("mock_slow_every"));
    f.failAfter = settings.seconds(key("mock_fail_after_seconds"));
    f.slowAfter = settings.seconds(key("mock_slow_after_seconds"));
    f.normalAfter = settings.seconds(key("mock_normal_after_seconds"));
    f.failStatus = settings.text(key("mock_fail_status")).toInt();
    if (const int seed = settings.integer(key("mock_seed")); seed >= 0)
        f.seed = static_cast<quint32>(seed);
    return f;
}

} // namespace

std::vector<SettingSpec> workerSettings() {
    std::vector<SettingSpec> all{
        text("control_plane_url", "", "URL of the orchestrator this worker belongs to",
             "CONTROL_PLANE_URL", "control-plane"),
        text("auth_token", "", "Bootstrap secret of this instance", "WORKER_AUTH_TOKEN"),
        text("auth_token_file", "", "File that holds the bootstrap secret",
             "WORKER_AUTH_TOKEN_FILE", "auth-token-file"),
        text("instance_id", "", "Id of the instance this worker runs on", "INSTANCE_ID",
             "instance-id"),
        text("worker_id", "", "Name of this worker; empty: made of the instance's id", "WORKER_ID",
             "worker-id"),
        text("model_id", "", "Model that is served; empty: empty-factory with the mock engine",
             "MODEL_ID", "model-id"),
        text("correlation_id", "", "Id of the order that starts this worker; its log carries it",
             "WORKER_CORRELATION_ID"),
        text("engine", "none", "none: watch the model server at vllm_base_url; mock: be one", "",
             "engine"),
        text("vllm_base_url", "http://127.0.0.1:8000", "URL of the model server", "VLLM_BASE_URL",
             "vllm-base-url"),
        text("listen_address", "127.0.0.1", "Address to serve on; 0.0.0.0 for all", "", "listen"),
        integer("health_port", 8080, 0, 65535, "Port to serve on; 0 takes a free one",
                "WORKER_HEALTH_PORT", "health-port"),
        integer("vllm_port", 0, 0, 65535,
                "Port of the model server; 0: that of vllm_base_url, or with the mock engine the "
                "health port",
                "WORKER_VLLM_PORT", "vllm-port"),
        text("ip_address", "", "Address the orchestrator is told; empty: that of listen_address",
             "", "ip-address"),
        text("disk_path", "/", "Path whose file system is watched", "WORKER_DISK_PATH",
             "disk-path"),
        seconds("heartbeat_interval_seconds", 4, 0.05, 3600, "Between two heartbeats",
                "WORKER_HEARTBEAT_INTERVAL_S", "heartbeat-interval"),
        seconds("heartbeat_timeout_seconds", 3, 0.05, 60, "Limit of one call to the orchestrator"),
        seconds("model_check_interval_seconds", 2, 0.05, 3600,
                "Between two looks at the model server"),
        integer("simulate_gpu_count", 0, 0, 64, "GPUs to make up instead of asking nvidia-smi",
                "WORKER_SIMULATE_GPU_COUNT", "simulate-gpu-count"),
        integer("simulate_gpu_vram_mb", 24576, 1, 10'000'000, "MiB of memory of each of those",
                "WORKER_SIMULATE_GPU_VRAM_MB", "simulate-gpu-vram-mb"),
        text("nvidia_smi", "nvidia-smi", "Program that tells GPU figures, when there is one"),
        integer("mock_fail_every", 3, 0, 1'000'000,
                "Mock: each how-many-th request fails; 0: none"),
        integer("mock_slow_every", 5, 0, 1'000'000, "Mock: each how-many-th is slow; 0: none"),
        seconds("mock_fail_after_seconds", 0.05, 0, 3600, "Mock: a failing request takes this"),
        seconds("mock_slow_after_seconds", 5, 0, 3600, "Mock: a slow request takes this"),
        seconds("mock_normal_after_seconds", 0.15, 0, 3600, "Mock: any other takes this"),
        text("mock_fail_status", "500", "Mock: HTTP status of a failing request"),
        integer("mock_seed", -1, -1, 2147483647,
                "Mock: draw faults at random from this seed; -1: by strict counting"),
    };
    for (SettingSpec& s : all) {
        s.secret = s.key == QLatin1String("auth_token");
        if (s.key == QLatin1String("engine"))
            s.allowed = {QStringLiteral("none"), QStringLiteral("mock")};
        if (s.key == QLatin1String("mock_fail_status"))
            s.allowed = {QStringLiteral("500"), QStringLiteral("503")};
    }
    return all;
}

Outcome<WorkerServiceOptions> workerServiceOptions(const Settings& settings) {
    WorkerServiceOptions o;
    WorkerOptions& w = o.worker;
    o.mockEngine = settings.text(key("engine")) == QLatin1String("mock");
    w.instanceId = InstanceId(settings.text(key("instance_id")));
    if (w.instanceId.isEmpty())
        return refuse(QStringLiteral("worker.instance_id (INSTANCE_ID, --instance-id) is not set; "
                                     "the orchestrator gave this machine an id"));
    if (settings.text(key("control_plane_url")).isEmpty())
        return refuse(QStringLiteral("worker.control_plane_url (CONTROL_PLANE_URL, "
                                     "--control-plane) is not set; expected a URL such as "
                                     "http://127.0.0.1:8003"));
    const auto controlPlane = httpUrl(settings, "control_plane_url", "CONTROL_PLANE_URL");
    if (!controlPlane)
        return fail(controlPlane.error());
    const auto model = httpUrl(settings, "vllm_base_url", "VLLM_BASE_URL");
    if (!model)
        return fail(model.error());
    const auto token = secret(settings);
    if (!token)
        return fail(token.error());

    w.workerId = settings.text(key("worker_id"));
    if (w.workerId.isEmpty())
        w.workerId = QStringLiteral("worker-") + w.instanceId.value();
    w.modelId = settings.text(key("model_id"));
    if (w.modelId.isEmpty() && o.mockEngine)
        w.modelId = QStringLiteral("empty-factory");
    o.correlationId = settings.text(key("correlation_id"));
    static const QRegularExpression idForm(QStringLiteral("\\A[A-Za-z0-9._:-]{0,128}\\z"));
    if (!idForm.match(o.correlationId).hasMatch())
        return refuse(QStringLiteral("worker.correlation_id (WORKER_CORRELATION_ID) must be at "
                                     "most 128 letters, digits, '.', '_', ':' and '-'"));
    w.link.controlPlane = *controlPlane;
    w.link.secret = *token;
    w.link.interval = settings.seconds(key("heartbeat_interval_seconds"));
    w.link.deadline = settings.seconds(key("heartbeat_timeout_seconds"));
    w.modelCheckInterval = settings.seconds(key("model_check_interval_seconds"));

    o.listenAddress = settings.text(key("listen_address"));
    const QHostAddress address(o.listenAddress);
    if (address.isNull())
        return refuse(QStringLiteral("worker.listen_address (--listen) is \"%1\"; expected an IP "
                                     "address such as 127.0.0.1 or 0.0.0.0")
                          .arg(o.listenAddress));
    w.ipAddress = settings.text(key("ip_address"));
    const bool any = address == QHostAddress(QHostAddress::AnyIPv4) ||
                     address == QHostAddress(QHostAddress::AnyIPv6);
    if (w.ipAddress.isEmpty() && !any)
        w.ipAddress = o.listenAddress;
    o.healthPort = static_cast<quint16>(settings.integer(key("health_port")));
    o.modelPort = static_cast<quint16>(settings.integer(key("vllm_port")));
    o.modelUrl = *model;
    if (o.modelPort == 0 && !o.mockEngine)
        o.modelPort =
            static_cast<quint16>(model->port(model->scheme() == QLatin1String("https") ? 443 : 80));

    o.sensors.diskPath = settings.text(key("disk_path"));
    o.sensors.simulateGpuCount = settings.integer(key("simulate_gpu_count"));
    o.sensors.simulateGpuVramMb = settings.integer(key("simulate_gpu_vram_mb"));
    o.sensors.gpu.program = QStandardPaths::findExecutable(settings.text(key("nvidia_smi")));
    o.faults = faults(settings);
    return o;
}

} // namespace vigie
