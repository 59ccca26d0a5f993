#include "core/orchestrator/guardsettings.h"

namespace vigie {

namespace {

constexpr double day = 86400;

SettingSpec guard(QStringView key, SettingType type, QVariant fallback, QStringView help,
                  std::optional<double> minimum = {}, std::optional<double> maximum = {}) {
    SettingSpec made;
    made.section = QStringLiteral("guards");
    made.key = key.toString();
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = help.toString();
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

/// The seeds' variable for it, which sets the breakers of calls as well.
SettingSpec named(QStringView seedVariable, SettingSpec spec) {
    spec.seedVariable = seedVariable.toString();
    return spec;
}

} // namespace

std::vector<SettingSpec> guardSettingSpecs() {
    using enum SettingType;
    SettingSpec ladder =
        guard(u"ladder", TextList,
              QStringList{QStringLiteral("restart_worker"), QStringLiteral("reinstall"),
                          QStringLiteral("replace")},
              u"Steps tried on a dead worker, one a try, before a person is asked.");
    ladder.allowed = {QStringLiteral("restart_worker"), QStringLiteral("reinstall"),
                      QStringLiteral("replace")};
    return {
        guard(u"observe_pools", TextList, QStringList(),
              u"Pools (provider/zone/model) in which automation only observes, whatever the mode."),
        guard(u"act_pools", TextList, QStringList(),
              u"Pools (provider/zone/model) in which automation acts, whatever the mode."),
        guard(u"blast_share", Number, 0.2,
              u"Share of a pool that may be in recovery at once; rounded down, at least one.", 0.0,
              1.0),
        guard(u"in_flight_per_pool", Integer, 2, u"Recoveries that may run in a pool at once.", 1.0,
              10000.0),
        guard(u"in_flight", Integer, 5, u"Recoveries that may run at once in all.", 1.0, 10000.0),
        guard(u"pace_seconds", Seconds, 30.0, u"Seconds between two starts in a pool.", 0.0, day),
        guard(u"back_share", Number, 0.9,
              u"Share that must be back after a storm; rounded down. Then a cool-down follows.",
              0.01, 1.0),
        ladder,
        guard(u"restart_limit_seconds", Seconds, 900.0,
              u"Seconds a restarted worker may stay unheard before the next step is due.", 0.1,
              30 * day),
        guard(u"reinstall_limit_seconds", Seconds, 7200.0,
              u"Seconds a reinstalled worker may stay unheard before the next step is due.", 0.1,
              30 * day),
        guard(u"max_tries", Integer, 3, u"Tries on an instance before a person is asked.", 1.0,
              1000.0),
        guard(u"tries_reset_seconds", Seconds, 3600.0,
              u"Seconds of health after which tries count anew.", 0.1, 365 * day),
        named(u"CIRCUIT_BREAKER_ENABLED",
              guard(u"breaker_enabled", Boolean, true,
                    u"False: failed recoveries, however many in a row, hold nothing back.")),
        named(u"CIRCUIT_BREAKER_FAILURE_THRESHOLD",
              guard(u"breaker_failures", Integer, 5,
                    u"Failed recoveries in a row, of an instance or in a provider zone, that open "
                    u"its breaker.",
                    1.0, 1000.0)),
        named(u"CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS",
              guard(u"breaker_reset_seconds", Seconds, 300.0,
                    u"Seconds between two trials while such a breaker is open.", 0.1, day)),
        guard(u"preserve_failed", Integer, 0, u"Dead instances kept untouched for debugging.", 0.0,
              10000.0),
        guard(u"flaps", Integer, 3,
              u"Changes between dead and alive after which only a person acts.", 2.0, 1000.0),
        guard(u"flap_window_seconds", Seconds, 1800.0, u"Seconds over which they are counted.", 1.0,
              30 * day),
    };
}

void readGuardSettings(const Settings& settings, WatchdogSettings& into) {
    const auto path = [](const char* key) {
        return QStringLiteral("guards.") + QLatin1String(key);
    };
    GuardPolicy& guards = into.guards;
    into.observePools = settings.textList(path("observe_pools"));
    into.actPools = settings.textList(path("act_pools"));
    guards.blastShare = settings.number(path("blast_share"));
    guards.inFlightPerPool = settings.integer(path("in_flight_per_pool"));
    guards.inFlight = settings.integer(path("in_flight"));
    guards.pace = settings.seconds(path("pace_seconds"));
    guards.backShare = settings.number(path("back_share"));
    guards.ladder.clear();
    for (const QString& word : settings.textList(path("ladder"))) {
        if (const auto step = remedyStepFromString(word))
            guards.ladder.push_back(*step);
    }
    into.restartLimit = settings.seconds(path("restart_limit_seconds"));
    into.reinstallLimit = settings.seconds(path("reinstall_limit_seconds"));
    guards.maxTries = settings.integer(path("max_tries"));
    guards.healthResetsTries = settings.seconds(path("tries_reset_seconds"));
    guards.breakerEnabled = settings.boolean(path("breaker_enabled"));
    guards.breakerFailures = settings.integer(path("breaker_failures"));
    guards.breakerReset = settings.seconds(path("breaker_reset_seconds"));
    guards.preserveFailed = settings.integer(path("preserve_failed"));
    guards.flaps = settings.integer(path("flaps"));
    guards.flapWindow = settings.seconds(path("flap_window_seconds"));
}

} // namespace vigie
