#include "core/base/timeformat.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/simulation/simulationdesk.h"

namespace vigie {

namespace {

void writeTexts(JsonWriter& json, std::string_view name, const QStringList& texts) {
    json.key(name).beginArray();
    for (const QString& each : texts)
        json.value(each);
    json.endArray();
}

QString stateOfSimulation(const SimulationReport& report) {
    if (!report.finishedAt)
        return report.aborted ? QStringLiteral("aborting") : QStringLiteral("running");
    return report.aborted ? QStringLiteral("aborted") : QStringLiteral("done");
}

} // namespace

QByteArray encodeScenarios(const std::vector<Scenario>& scenarios) {
    JsonWriter json(4096);
    json.beginArray();
    for (const Scenario& each : scenarios) {
        const double hours = toSeconds(each.length) / 3600;
        json.beginObject()
            .field("name", each.name)
            .field("summary", each.summary)
            .field("workers", each.workers)
            .field("pools", each.pools)
            .field("hours", hours)
            .field("worker_hours", hours * each.workers);
        writeTexts(json, "faults", each.faults);
        json.field("disturbance", each.disturbance).endObject();
    }
    return json.endArray().take();
}

QByteArray encodeSimulation(const SimulationReport& report, bool withScores) {
    const Score sum = together(report.scores);
    JsonWriter json(1024);
    json.beginObject().field("simulation_id", report.id).field("state", stateOfSimulation(report));
    writeTexts(json, "scenarios", report.order.scenarios);
    json.field("first_seed", static_cast<qint64>(report.order.firstSeed))
        .field("seeds", report.order.seeds)
        .field("runs", report.runs)
        .field("runs_done", static_cast<qint64>(report.scores.size()))
        .field("simulated_worker_hours", report.workerHours)
        .field("actor", report.order.actor)
        .field("begun_at", report.begunAt)
        .field("finished_at", report.finishedAt);
    json.key("totals")
        .beginObject()
        .field("false_kills", sum.falseKills)
        .field("missed_deaths", sum.missedDeaths)
        .field("automatic_actions", sum.automaticActions)
        .field("blocked_by_guard", sum.blockedByGuard)
        .field("leaked_volumes", sum.leakedVolumes)
        .field("wrongly_deleted_volumes", sum.wronglyDeletedVolumes)
        .endObject();
    if (withScores) {
        json.key("scores").beginArray();
        for (const Score& score : report.scores)
            json.raw(encodeScore(score));
        json.endArray();
    }
    return json.endObject().take();
}

} // namespace vigie
