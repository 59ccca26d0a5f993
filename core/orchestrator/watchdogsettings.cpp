#include "core/orchestrator/watchdogsettings.h"

#include "core/base/timeformat.h"
#include "core/orchestrator/guardsettings.h"

namespace vigie {

namespace {

SettingSpec spec(QStringView section, QStringView key, SettingType type, QVariant fallback,
                 QStringView help, QStringView seedVariable = u"") {
    SettingSpec made;
    made.section = section.toString();
    made.key = key.toString();
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = help.toString();
    made.seedVariable = seedVariable.toString();
    return made;
}

SettingSpec within(SettingSpec made, double minimum, double maximum) {
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

/// How long a start may stay in each of its states.
struct StartupLimits {
    Duration booting, installing, starting;
};
constexpr StartupLimits usualLimits{std::chrono::hours(2), std::chrono::hours(1),
                                    std::chrono::minutes(30)};
constexpr StartupLimits strictLimits{std::chrono::hours(1), std::chrono::minutes(30),
                                     std::chrono::minutes(15)};

} // namespace

AutomationMode WatchdogSettings::modeFor(const QString& providerCode) const {
    if (mode == u"act")
        return AutomationMode::Act;
    const bool harmless = providerCode == u"mock" || providerCode == u"process";
    return mode == u"auto" && harmless ? AutomationMode::Act : AutomationMode::Observe;
}

Duration WatchdogSettings::stepLimit(RemedyStep step) const {
    return step == RemedyStep::RestartWorker ? restartLimit : reinstallLimit;
}

Duration WatchdogSettings::limitOf(InstanceStatus status) const {
    switch (status) {
    case InstanceStatus::Booting:
        return bootingLimit;
    case InstanceStatus::Installing:
        return installingLimit;
    default:
        return startingLimit;
    }
}

std::vector<SettingSpec> watchdogSettingSpecs() {
    constexpr double day = 86400;
    using enum SettingType;
    SettingSpec mode = spec(u"automation", u"mode", Text, QStringLiteral("auto"),
                            u"What automation does: observe (say what it would do), act, or auto "
                            u"(act for the mock and process providers, observe for real ones).");
    mode.allowed = {QStringLiteral("observe"), QStringLiteral("act"), QStringLiteral("auto")};
    SettingSpec profile =
        spec(u"watchdog", u"profile", Text, QStringLiteral("usual"),
             u"How long starts may take where [recovery] does not say: usual, or strict (half of "
             u"that: 3600, 1800 and 900 seconds).");
    profile.allowed = {QStringLiteral("usual"), QStringLiteral("strict")};
    std::vector<SettingSpec> specs{
        within(spec(u"watchdog", u"heartbeat_timeout_seconds", Seconds, 300.0,
                    u"Seconds without a heartbeat after which a worker is silent.",
                    u"WORKER_HEARTBEAT_TIMEOUT_SECONDS"),
               0.1, day),
        within(spec(u"watchdog", u"expected_beat_interval_seconds", Seconds, 4.0,
                    u"Seconds between two heartbeats as long as too few were seen to know better."),
               0.01, 3600),
        within(spec(u"watchdog", u"phi_suspect", Number, 8.0,
                    u"Phi at or above which a worker that is late becomes suspect."),
               0.1, 1000),
        within(spec(u"watchdog", u"failing_probes", Integer, 3,
                    u"Failed probes in a row after which a worker that beats counts as hung."),
               1, 1000),
        within(spec(u"watchdog", u"storm_share", Number, 0.3,
                    u"Share of a pool or of the fleet that makes a storm when silent at once."),
               0.01, 1),
        within(spec(u"watchdog", u"storm_minimum", Integer, 3,
                    u"Silent workers below which there is never a storm."),
               1, 1000000),
        within(spec(u"watchdog", u"hold_ticks", Integer, 2,
                    u"Watchdog ticks for which a verdict must stand before an action."),
               0, 1000),
        spec(u"automation", u"worker_dead_recovery_enabled", Boolean, true,
             u"Whether dead workers are reinstalled by themselves, within mode and guards.",
             u"WORKER_DEAD_RECOVERY_ENABLED"),
        mode,
        profile,
        within(spec(u"recovery", u"booting_timeout_seconds", Seconds,
                    toSeconds(usualLimits.booting), u"Seconds an instance may stay in booting.",
                    u"RECOVERY_BOOTING_TIMEOUT_SECONDS"),
               0.1, 30 * day),
        within(spec(u"recovery", u"installing_timeout_seconds", Seconds,
                    toSeconds(usualLimits.installing),
                    u"Seconds an instance may stay in installing.",
                    u"RECOVERY_INSTALLING_TIMEOUT_SECONDS"),
               0.1, 30 * day),
        within(spec(u"recovery", u"starting_timeout_seconds", Seconds,
                    toSeconds(usualLimits.starting), u"Seconds an instance may stay in starting.",
                    u"RECOVERY_STARTING_TIMEOUT_SECONDS"),
               0.1, 30 * day),
    };
    for (SettingSpec& guard : guardSettingSpecs())
        specs.push_back(std::move(guard));
    return specs;
}

WatchdogSettings readWatchdogSettings(const Settings& settings) {
    const auto path = [](const char* text) { return QString::fromLatin1(text); };
    WatchdogSettings read;
    WatchdogPolicy& policy = read.policy;
    policy.heartbeatThreshold = settings.seconds(path("watchdog.heartbeat_timeout_seconds"));
    policy.expectedBeatInterval = settings.seconds(path("watchdog.expected_beat_interval_seconds"));
    policy.phiSuspect = settings.number(path("watchdog.phi_suspect"));
    policy.failingProbes = settings.integer(path("watchdog.failing_probes"));
    policy.stormShare = settings.number(path("watchdog.storm_share"));
    policy.stormMinimum = settings.integer(path("watchdog.storm_minimum"));
    readGuardSettings(settings, read);
    read.guards.holdTicks = settings.integer(path("watchdog.hold_ticks"));
    read.guards.enabled = settings.boolean(path("automation.worker_dead_recovery_enabled"));
    read.guards.cooldown = policy.heartbeatThreshold;
    read.mode = settings.text(path("automation.mode"));
    const bool strict = settings.text(path("watchdog.profile")) == u"strict";
    const auto limit = [&](const char* key, Duration ofStrict) {
        return strict && !settings.isSet(path(key)) ? ofStrict : settings.seconds(path(key));
    };
    read.bootingLimit = limit("recovery.booting_timeout_seconds", strictLimits.booting);
    read.installingLimit = limit("recovery.installing_timeout_seconds", strictLimits.installing);
    read.startingLimit = limit("recovery.starting_timeout_seconds", strictLimits.starting);
    return read;
}

} // namespace vigie
