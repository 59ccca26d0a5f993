#include "core/orchestrator/actions/actionsettings.h"

namespace vigie {

namespace {

constexpr double dayInSeconds = 86400;

SettingSpec actionSpec(QStringView key, SettingType type, QVariant fallback, QStringView help,
                       double minimum, double maximum) {
    SettingSpec made;
    made.section = QStringLiteral("actions");
    made.key = key.toString();
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = help.toString();
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

} // namespace

std::vector<SettingSpec> actionSettingSpecs() {
    using enum SettingType;
    return {
        actionSpec(u"wave_canary", Integer, 1,
                   u"Items of an operation's first wave, before all others; 0: no such wave.", 0,
                   1000),
        actionSpec(u"wave_size", Integer, 5, u"Items of each further wave of an operation.", 1,
                   1000),
        actionSpec(u"wave_pause_seconds", Seconds, 10.0,
                   u"Seconds between the end of a wave and the next one.", 0, dayInSeconds),
        actionSpec(u"wave_failed_share", Number, 0.2,
                   u"Share of a wave that may fail before the operation pauses by itself.", 0, 1),
        actionSpec(u"drain_deadline_seconds", Seconds, 900.0,
                   u"Seconds after which a draining instance is terminated, queue empty or not.", 0,
                   30 * dayInSeconds),
        actionSpec(u"item_wait_seconds", Seconds, 3600.0,
                   u"Seconds an item of an operation waits for blast radius, in flight or pace "
                   u"before it is skipped.",
                   0, 30 * dayInSeconds),
    };
}

ActionSettings readActionSettings(const Settings& settings) {
    ActionSettings read;
    read.waves.canary = settings.integer(QStringLiteral("actions.wave_canary"));
    read.waves.size = settings.integer(QStringLiteral("actions.wave_size"));
    read.waves.pause = settings.seconds(QStringLiteral("actions.wave_pause_seconds"));
    read.waves.maxFailedShare = settings.number(QStringLiteral("actions.wave_failed_share"));
    read.drainDeadline = settings.seconds(QStringLiteral("actions.drain_deadline_seconds"));
    read.itemWait = settings.seconds(QStringLiteral("actions.item_wait_seconds"));
    return read;
}

} // namespace vigie
