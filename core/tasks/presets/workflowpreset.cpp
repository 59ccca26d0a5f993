#include "core/tasks/presets/workflowpreset.h"

#include "core/config/nearestname.h"
#include "core/config/settingvalue.h"
#include "core/config/tomlcodec.h"

#include <QFile>

#include <algorithm>
#include <cmath>
#include <map>
#include <variant>

namespace vigie {

namespace {

using Member = std::variant<bool WorkflowPreset::*, int WorkflowPreset::*, double WorkflowPreset::*,
                            Duration WorkflowPreset::*>;

struct Key {
    SettingSpec spec;
    Member member;
};

Key presetKey(const char* name, SettingType type, Member member, std::optional<double> minimum = {},
              std::optional<double> maximum = {}) {
    SettingSpec spec;
    spec.key = QString::fromLatin1(name);
    spec.type = type;
    spec.minimum = minimum;
    spec.maximum = maximum;
    return {spec, member};
}

const std::vector<Key>& presetKeys() {
    using P = WorkflowPreset;
    using T = SettingType;
    constexpr double day = 86'400;
    static const std::vector<Key> keys{
        presetKey("enabled", T::Boolean, &P::enabled),
        presetKey("checkpoint_interval_seconds", T::Seconds, &P::checkpointInterval, 0.01, day),
        presetKey("checkpoint_keep", T::Integer, &P::checkpointKeep, 1, 1000),
        presetKey("breaker_failures", T::Integer, &P::breakerFailures, 0, 1000),
        presetKey("breaker_successes_to_close", T::Integer, &P::breakerSuccessesToClose, 1, 1000),
        presetKey("breaker_open_seconds", T::Seconds, &P::breakerOpenFor, 0.001, day),
        presetKey("breaker_minimum_calls", T::Integer, &P::breakerMinimumCalls, 1, 100),
        presetKey("retry_max_attempts", T::Integer, &P::retryMaxAttempts, 1, 100),
        presetKey("retry_first_delay_seconds", T::Seconds, &P::retryFirstDelay, 0, day),
        presetKey("retry_max_delay_seconds", T::Seconds, &P::retryMaxDelay, 0, day),
        presetKey("retry_factor", T::Number, &P::retryFactor, 1, 100),
        presetKey("retry_jitter", T::Number, &P::retryJitter, 0, 1),
        presetKey("health_interval_seconds", T::Seconds, &P::healthInterval, 0.05, day),
        presetKey("health_healthy_rate", T::Number, &P::healthyRate, 0, 1),
        presetKey("health_degraded_rate", T::Number, &P::degradedRate, 0, 1),
        presetKey("dead_letter_max_tries", T::Integer, &P::deadLetterMaxTries, 0, 1000),
        presetKey("dead_letter_replay_rounds", T::Integer, &P::deadLetterReplayRounds, 0, 100),
        presetKey("dead_letter_keep_seconds", T::Seconds, &P::deadLetterKeep, 1, 3650 * day),
    };
    return keys;
}

void put(WorkflowPreset& preset, const Member& member, const QVariant& value) {
    if (const auto* truth = std::get_if<bool WorkflowPreset::*>(&member))
        preset.** truth = value.toBool();
    else if (const auto* count = std::get_if<int WorkflowPreset::*>(&member))
        preset.** count = value.toInt();
    else if (const auto* number = std::get_if<double WorkflowPreset::*>(&member))
        preset.** number = value.toDouble();
    else
        preset.*std::get<Duration WorkflowPreset::*>(member) =
            Duration(std::llround(value.toDouble() * 1e9));
}

tl::unexpected<Failure> presetMistake(const QString& file, int line, const QString& what) {
    return fail(FailureKind::Invalid, QStringLiteral("%1:%2: %3").arg(file).arg(line).arg(what));
}

Outcome<void> take(WorkflowPreset& preset, const TomlEntry& entry, const QString& file) {
    const QString name = entry.path.section(u'.', 1);
    QStringList known;
    for (const Key& key : presetKeys()) {
        known.append(key.spec.key);
        if (key.spec.key != name)
            continue;
        const auto value = settingFromValue(key.spec, entry.value);
        if (!value)
            return presetMistake(file, entry.line,
                                 QStringLiteral("%1 is %2, but must be %3")
                                     .arg(entry.path, entry.shown, settingAllowed(key.spec)));
        put(preset, key.member, *value);
        return {};
    }
    const QString nearest = nearestName(name, known);
    return presetMistake(
        file, entry.line,
        QStringLiteral("unknown key %1; %2")
            .arg(entry.path,
                 nearest.isEmpty()
                     ? QStringLiteral("expected one of %1").arg(known.join(QLatin1String(", ")))
                     : QStringLiteral("did you mean %1?").arg(nearest)));
}

} // namespace

Profile WorkflowPreset::over(Profile profile) const {
    if (!enabled)
        return profile;
    profile.retry.maxAttempts = retryMaxAttempts;
    profile.retry.backoff.growth = BackoffOptions::Growth::Exponential;
    profile.retry.backoff.first = retryFirstDelay;
    profile.retry.backoff.max = std::max(retryMaxDelay, retryFirstDelay);
    profile.retry.backoff.factor = retryFactor;
    profile.retry.backoff.jitter = BackoffOptions::Jitter::Share;
    profile.retry.backoff.share = retryJitter;
    CircuitOptions circuit = profile.circuit.value_or(CircuitOptions());
    circuit.consecutiveFailures = breakerFailures;
    circuit.minimumNumberOfCalls = std::min(breakerMinimumCalls, circuit.slidingWindowSize);
    circuit.successesToClose = breakerSuccessesToClose;
    circuit.waitDurationInOpenState = breakerOpenFor;
    profile.circuit = circuit;
    return profile;
}

Outcome<std::vector<WorkflowPreset>> readWorkflowPresets(const QByteArray& toml,
                                                         const QString& fileName) {
    const auto entries = readToml(toml, fileName);
    if (!entries)
        return fail(entries.error());
    std::map<QString, std::vector<TomlEntry>> tables;
    tables.try_emplace(QStringLiteral("default"));
    for (const TomlEntry& entry : *entries) {
        if (!entry.path.contains(u'.') && entry.shown != QLatin1String("a table"))
            return presetMistake(fileName, entry.line,
                                 QStringLiteral("%1 stands alone, but must be in the table of a "
                                                "preset, such as [production]")
                                     .arg(entry.path));
        auto& table = tables[entry.path.section(u'.', 0, 0)];
        if (entry.path.contains(u'.'))
            table.push_back(entry);
    }
    std::vector<WorkflowPreset> presets;
    WorkflowPreset base;
    for (const TomlEntry& entry : tables.at(QStringLiteral("default"))) {
        if (auto taken = take(base, entry, fileName); !taken)
            return fail(taken.error());
    }
    for (const auto& [name, table] : tables) {
        WorkflowPreset preset = base;
        preset.name = name;
        for (const TomlEntry& entry : table) {
            if (auto taken = take(preset, entry, fileName); !taken)
                return fail(taken.error());
        }
        if (preset.degradedRate > preset.healthyRate)
            return presetMistake(fileName, table.empty() ? 1 : table.front().line,
                                 QStringLiteral("%1.health_degraded_rate is %2, but must be at "
                                                "most health_healthy_rate, %3")
                                     .arg(name)
                                     .arg(preset.degradedRate)
                                     .arg(preset.healthyRate));
        presets.push_back(std::move(preset));
    }
    return presets;
}

Outcome<WorkflowPreset> workflowPreset(const QString& name, const QString& file) {
    QByteArray toml;
    if (file.isEmpty()) {
        toml = builtInWorkflowPresets();
    } else {
        QFile from(file);
        constexpr qint64 longest = 1024 * 1024;
        if (!from.open(QIODevice::ReadOnly))
            return fail(FailureKind::Invalid,
                        QStringLiteral("%1: can't be read: %2").arg(file, from.errorString()));
        toml = from.read(longest + 1);
        if (toml.size() > longest)
            return fail(FailureKind::Invalid,
                        QStringLiteral("%1: is longer than %2 bytes").arg(file).arg(longest));
    }
    const auto presets =
        readWorkflowPresets(toml, file.isEmpty() ? QStringLiteral("workflow.toml") : file);
    if (!presets)
        return fail(presets.error());
    QStringList known;
    for (const WorkflowPreset& preset : *presets) {
        if (preset.name == name)
            return preset;
        known.append(preset.name);
    }
    return fail(FailureKind::Invalid, QStringLiteral("there is no preset \"%1\"; there are: %2")
                                          .arg(name.left(80), known.join(QLatin1String(", "))));
}

} // namespace vigie
