#include "core/orchestrator/simulation/scenario.h"

#include "core/base/timeformat.h"
#include "core/config/settings.h"

#include <QDir>
#include <QFileInfo>

// Outside of any namespace, as Qt asks for.
static void initScenarios() {
    Q_INIT_RESOURCE(scenarios);
}

namespace vigie {

namespace {

constexpr double day = 86400;
const QStringList faultKinds{QStringLiteral("crash"),       QStringLiteral("silent_hang"),
                             QStringLiteral("agent_crash"), QStringLiteral("hung_model"),
                             QStringLiteral("slow"),        QStringLiteral("flapping")};
const QStringList disturbanceKinds{QStringLiteral("none"),          QStringLiteral("zone_outage"),
                                   QStringLiteral("partition"),     QStringLiteral("mass_silence"),
                                   QStringLiteral("provider_down"), QStringLiteral("provider_lies"),
                                   QStringLiteral("clock_steps"),   QStringLiteral("store_away"),
                                   QStringLiteral("restarts")};

SettingSpec key(const char* section, const char* name, SettingType type, QVariant fallback,
                const char* help, std::optional<double> minimum = {},
                std::optional<double> maximum = {}) {
    SettingSpec made;
    made.section = QString::fromLatin1(section);
    made.key = QString::fromLatin1(name);
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = QString::fromLatin1(help);
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

std::vector<SettingSpec> keys() {
    using enum SettingType;
    SettingSpec faults = key("faults", "kinds", TextList, QStringList(), "What befalls workers.");
    faults.allowed = faultKinds;
    SettingSpec disturbance =
        key("disturbance", "kind", Text, QStringLiteral("none"), "What befalls everybody.");
    disturbance.allowed = disturbanceKinds;
    return {
        key("", "summary", Text, QString(), "One sentence about the scenario."),
        key("", "workers", Integer, 40, "Workers in the fleet.", 1, 100000),
        key("", "pools", Integer, 2, "Pools they are spread over, each a zone.", 1, 1000),
        key("", "hours", Number, 12.0, "Simulated hours.", 0.1, 1e6),
        key("", "tick_seconds", Seconds, 10.0, "Seconds between two watchdog ticks.", 1, 300),
        faults,
        key("faults", "every_seconds", Seconds, 1800.0, "Mean seconds between two.", 1, 365 * day),
        key("faults", "gap_seconds", Seconds, 600.0, "Least seconds between two.", 0, 365 * day),
        key("faults", "lasts_seconds", Seconds, 0.0, "Seconds until one heals; 0: never.", 0,
            365 * day),
        key("faults", "restart_helps", Number, 0.8, "Share that a restart heals.", 0, 1),
        disturbance,
        key("disturbance", "every_seconds", Seconds, 10800.0, "Seconds between two.", 1, 365 * day),
        key("disturbance", "lasts_seconds", Seconds, 1200.0, "Seconds that one lasts.", 0,
            365 * day),
        key("disturbance", "death_share", Number, 0.0, "Share of those hit that really die.", 0, 1),
        key("disturbance", "release_into_seconds", Seconds, 0.0,
            "Seconds into an outage at which a person releases the brake too early; 0: nobody "
            "does.",
            0, 365 * day),
        key("disturbance", "release_after_seconds", Seconds, 0.0,
            "Seconds after which a person releases the storm brake; 0: nobody does.", 0, 365 * day),
    };
}

} // namespace

Outcome<Scenario> readScenario(const QString& file) {
    initScenarios();
    SettingsInput input;
    input.file = file;
    const auto read = Settings::read(keys(), input);
    if (!read) {
        QStringList names;
        for (const SettingSpec& each : keys())
            names.append(each.path());
        Failure failure = read.error(); // a scenario's keys are in no --print-config
        failure.message.replace(QLatin1String("--print-config lists all"),
                                QLatin1String("there are: ") + names.join(QLatin1String(", ")));
        return fail(std::move(failure));
    }
    const auto path = [](const char* name) { return QString::fromLatin1(name); };
    Scenario scenario;
    scenario.name = QFileInfo(file).completeBaseName();
    scenario.summary = read->text(path("summary"));
    scenario.workers = read->integer(path("workers"));
    scenario.pools = read->integer(path("pools"));
    scenario.length = fromSeconds(read->number(path("hours")) * 3600);
    scenario.tick = read->seconds(path("tick_seconds"));
    scenario.faults = read->textList(path("faults.kinds"));
    scenario.faultEvery = read->seconds(path("faults.every_seconds"));
    scenario.faultGap = read->seconds(path("faults.gap_seconds"));
    scenario.faultLasts = read->seconds(path("faults.lasts_seconds"));
    scenario.restartHelps = read->number(path("faults.restart_helps"));
    scenario.disturbance = read->text(path("disturbance.kind"));
    scenario.disturbanceEvery = read->seconds(path("disturbance.every_seconds"));
    scenario.disturbanceLasts = read->seconds(path("disturbance.lasts_seconds"));
    scenario.deathShare = read->number(path("disturbance.death_share"));
    scenario.releaseInto = read->seconds(path("disturbance.release_into_seconds"));
    scenario.releaseAfter = read->seconds(path("disturbance.release_after_seconds"));
    return scenario;
}

std::vector<std::pair<QString, QString>> builtInScenarios() {
    initScenarios();
    const QDir folder(QStringLiteral(":/vigie/scenarios"));
    std::vector<std::pair<QString, QString>> all;
    for (const QString& file :
         folder.entryList({QStringLiteral("*.toml")}, QDir::Files, QDir::Name))
        all.emplace_back(QFileInfo(file).completeBaseName(), folder.filePath(file));
    return all;
}

} // namespace vigie
