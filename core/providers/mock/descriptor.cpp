#include "core/providers/mock/mockprovider.h"

#include <QDir>

namespace vigie::providers::mock {

namespace {

QString path(const char* key) {
    return QStringLiteral("providers.mock.") + QLatin1String(key);
}

SettingSpec spec(const char* key, SettingType type, QVariant fallback, const char* help) {
    SettingSpec s;
    s.section = QStringLiteral("providers.mock");
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

SettingSpec seconds(const char* key, double fallback, double minimum, const char* help) {
    return ranged(spec(key, SettingType::Seconds, fallback, help), minimum, 86400);
}

SettingSpec share(const char* key, double fallback, const char* help) {
    return ranged(spec(key, SettingType::Number, fallback, help), 0, 1);
}

SettingSpec weight(const char* key, double fallback, const char* help) {
    return ranged(spec(key, SettingType::Number, fallback, help), 0, 1000);
}

std::vector<SettingSpec> settings() {
    const MockFaults f;
    SettingSpec faults = spec("faults", SettingType::Text, QStringLiteral("none"),
                              "Trouble among simulated workers: none, or lively");
    faults.allowed = {QStringLiteral("none"), QStringLiteral("lively")};
    return {
        ranged(spec("seed", SettingType::Integer, 1, "Of all chance; same seed, same story"), 0,
               2147483647),
        seconds("latency_seconds", 0.2, 0, "Each API call takes this"),
        share("error_rate", 0, "Share of API calls that fail with 503"),
        share("rate_limit_rate", 0, "Share of API calls that fail with 429"),
        spec("out_of_stock", SettingType::TextList, QStringList(),
             "What can't be had: zone/type, either may be *"),
        share("volume_leak_rate", 0, "Share of deletions that leave the disk behind"),
        share("lost_answer_rate", 0, "Share of creates that are carried out and not answered"),
        ranged(spec("quota", SettingType::Integer, -1, "Machines there may be; -1: no limit"), -1,
               1'000'000),
        ranged(spec("list_lag_seconds", SettingType::Seconds, 0.0,
                    "A new machine is missing from lists so long"),
               0, 3600),
        spec("simulate_workers", SettingType::Boolean, true,
             "Whether machines have workers that register and beat"),
        seconds("worker_heartbeat_interval_seconds", 4, 0.05, "Between two heartbeats of a worker"),
        seconds("worker_model_check_interval_seconds", 2, 0.05,
                "Between a worker's looks at its model"),
        seconds("boot_seconds", 4, 0, "From created to registered, +- 30 %"),
        seconds("install_seconds", 3, 0, "From registered to the first heartbeat, +- 30 %"),
        seconds("load_seconds", 5, 0, "From the first heartbeat to ready, +- 30 %"),
        faults,
        seconds("fault_interval_seconds", 20, 0.01,
                "Lively: mean time between two faults in the fleet"),
        seconds("fault_seconds", 90, 0.01, "Lively: mean time a fault lasts, +- 50 %"),
        share("fault_max_share", f.maxShare, "Lively: most of the fleet in trouble at once"),
        share("fault_hang_at_start", 0.06, "Lively: share of starts that get stuck"),
        weight("fault_weight_crash", f.crash, "Lively: how often a machine stops for good"),
        weight("fault_weight_silent", f.silent, "Lively: how often nothing answers for a while"),
        weight("fault_weight_agent_dead", f.agentDead,
               "Lively: how often only the beats stop for a while"),
        weight("fault_weight_hung", f.hung,
               "Lively: how often the model hangs for a while under a beating agent"),
        weight("fault_weight_vanish", f.vanish, "Lively: how often a machine is gone"),
    };
}

MockFaults faults(const Settings& s) {
    MockFaults f;
    if (s.text(path("faults")) != QLatin1String("lively"))
        return f;
    f.every = s.seconds(path("fault_interval_seconds"));
    f.lasts = s.seconds(path("fault_seconds"));
    f.maxShare = s.number(path("fault_max_share"));
    f.hangAtStart = s.number(path("fault_hang_at_start"));
    f.crash = s.number(path("fault_weight_crash"));
    f.silent = s.number(path("fault_weight_silent"));
    f.agentDead = s.number(path("fault_weight_agent_dead"));
    f.hung = s.number(path("fault_weight_hung"));
    f.vanish = s.number(path("fault_weight_vanish"));
    return f;
}

Outcome<std::unique_ptr<Provider>> create(const ProviderContext& context) {
    const Settings& s = context.settings;
    MockProviderOptions o;
    if (!QDir().mkpath(context.stateDirectory))
        return fail(FailureKind::Storage,
                    QStringLiteral("%1: the directory can't be made").arg(context.stateDirectory));
    o.stateFile = context.stateDirectory + QStringLiteral("/mock-machines.json");
    o.shared = context.shared;
    o.seed = static_cast<quint32>(s.integer(path("seed")));
    o.latency = s.seconds(path("latency_seconds"));
    o.errorRate = s.number(path("error_rate"));
    o.rateLimitRate = s.number(path("rate_limit_rate"));
    o.outOfStock = s.textList(path("out_of_stock"));
    o.volumeLeakRate = s.number(path("volume_leak_rate"));
    o.lostAnswerRate = s.number(path("lost_answer_rate"));
    if (const int quota = s.integer(path("quota")); quota >= 0)
        o.quota = quota;
    o.listLag = s.seconds(path("list_lag_seconds"));
    o.simulateWorkers = s.boolean(path("simulate_workers"));
    o.heartbeatInterval = s.seconds(path("worker_heartbeat_interval_seconds"));
    o.modelCheckInterval = s.seconds(path("worker_model_check_interval_seconds"));
    o.boot = s.seconds(path("boot_seconds"));
    o.install = s.seconds(path("install_seconds"));
    o.load = s.seconds(path("load_seconds"));
    o.faults = faults(s);
    auto provider = MockProvider::open(context.clock, std::move(o));
    if (!provider)
        return fail(provider.error());
    return std::unique_ptr<Provider>(std::move(*provider));
}

} // namespace

ProviderDescriptor descriptor() {
    return {QStringLiteral("mock"),
            QStringLiteral("simulated machines with simulated workers (an empty factory)"),
            settings(), create};
}

} // namespace vigie::providers::mock
