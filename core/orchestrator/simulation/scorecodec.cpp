#include "core/model/jsonwriter.h"
#include "core/orchestrator/simulation/scorer.h"

#include <algorithm>

namespace vigie {

namespace {

std::optional<double> median(std::vector<double> values) {
    if (values.empty())
        return std::nullopt;
    std::ranges::sort(values);
    return values[(values.size() - 1) / 2];
}

std::optional<double> highest(const std::vector<double>& values) {
    return values.empty() ? std::nullopt : std::optional(*std::ranges::max_element(values));
}

void writeTimes(JsonWriter& json, const char* name, const std::vector<double>& values) {
    json.key(name).beginObject();
    json.field("p50", median(values));
    json.field("max", highest(values));
    json.endObject();
}

QString cell(const std::vector<double>& values) {
    if (values.empty())
        return QStringLiteral("-");
    return QStringLiteral("%1 / %2")
        .arg(*median(values), 0, 'f', 0)
        .arg(*highest(values), 0, 'f', 0);
}

} // namespace

QByteArray encodeScore(const Score& score) {
    JsonWriter json(512);
    json.beginObject();
    json.field("scenario", score.scenario);
    json.field("seed", static_cast<qint64>(score.seed));
    json.field("false_kills", score.falseKills);
    json.field("missed_deaths", score.missedDeaths);
    json.field("automatic_actions", score.automaticActions);
    json.field("blocked_by_guard", score.blockedByGuard);
    json.field("leaked_volumes", score.leakedVolumes);
    json.field("wrongly_deleted_volumes", score.wronglyDeletedVolumes);
    writeTimes(json, "detect_s", score.detectSeconds);
    writeTimes(json, "recover_s", score.recoverSeconds);
    json.field("simulated_worker_hours", score.workerHours);
    json.field("wall_s", score.wallSeconds);
    return json.endObject().take();
}

QString scoreHead() {
    return QStringLiteral(
        "| Scenario | Deaths | False kills | Missed deaths | Blocked by a guard | Automatic "
        "actions "
        "| Leaked / wrongly deleted volumes | Cost of leaks EUR | Detect s (p50 / max) "
        "| Recover s (p50 / max) | Resume s (p50 / max) | Worker-hours |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
}

QString scoreRow(const Score& score) {
    QStringList guards;
    for (auto one = score.blockedBy.constBegin(); one != score.blockedBy.constEnd(); ++one)
        guards.append(QStringLiteral("%1 %2").arg(one.key()).arg(*one));
    guards.sort();
    const QString blocked = guards.isEmpty() ? QString::number(score.blockedByGuard)
                                             : QStringLiteral("%1 (%2)")
                                                   .arg(score.blockedByGuard)
                                                   .arg(guards.join(QLatin1String(", ")));
    return QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 | %7 / %8 |")
               .arg(score.scenario)
               .arg(score.deaths)
               .arg(score.falseKills)
               .arg(score.missedDeaths)
               .arg(blocked)
               .arg(score.automaticActions)
               .arg(score.leakedVolumes)
               .arg(score.wronglyDeletedVolumes) +
           QStringLiteral(" %1 | %2 | %3 | %4 | %5 |\n")
               .arg(score.costOfLeaks, 0, 'f', 4)
               .arg(cell(score.detectSeconds), cell(score.recoverSeconds),
                    cell(score.resumeSeconds))
               .arg(score.workerHours, 0, 'f', 0);
}

Score together(const std::vector<Score>& seeds) {
    Score sum;
    for (const Score& one : seeds) {
        sum.scenario = one.scenario;
        sum.falseKills += one.falseKills;
        sum.missedDeaths += one.missedDeaths;
        sum.automaticActions += one.automaticActions;
        sum.blockedByGuard += one.blockedByGuard;
        sum.leakedVolumes += one.leakedVolumes;
        sum.wronglyDeletedVolumes += one.wronglyDeletedVolumes;
        sum.detectSeconds.insert(sum.detectSeconds.end(), one.detectSeconds.begin(),
                                 one.detectSeconds.end());
        sum.recoverSeconds.insert(sum.recoverSeconds.end(), one.recoverSeconds.begin(),
                                  one.recoverSeconds.end());
        sum.resumeSeconds.insert(sum.resumeSeconds.end(), one.resumeSeconds.begin(),
                                 one.resumeSeconds.end());
        sum.costOfLeaks += one.costOfLeaks;
        sum.actionsInOutage += one.actionsInOutage;
        sum.untoldOutages += one.untoldOutages;
        sum.workerHours += one.workerHours;
        sum.wallSeconds += one.wallSeconds;
        sum.deaths += one.deaths;
        sum.mistakes += one.mistakes;
        for (auto by = one.blockedBy.constBegin(); by != one.blockedBy.constEnd(); ++by)
            sum.blockedBy[by.key()] += *by;
    }
    return sum;
}

} // namespace vigie
