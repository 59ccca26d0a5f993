#include "core/orchestrator/api/fleetcodec.h"

#include "core/base/timeformat.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/answercodec.h"

namespace vigie {

ResponseBody encodeFleetBody(const FleetBody& fleet) {
    ResponseBody body;
    body.reserve(2 * fleet.instances.size() + 2);
    JsonWriter json;
    json.beginObject();
    json.field("cursor", fleet.cursor);
    json.field("server_time", fleet.serverTime);
    json.field("full", fleet.full);
    json.key("instances").beginArray();
    body.append(json.take());
    const QByteArray comma = QByteArrayLiteral(",");
    for (const QByteArray& instance : fleet.instances) {
        if (&instance != &fleet.instances.front())
            body.append(comma);
        body.append(instance);
    }
    json.endArray();
    json.key("removed").beginArray();
    for (const QString& id : fleet.removed)
        json.value(id);
    json.endArray();
    json.key("volumes").raw(fleet.volumes);
    json.key("breakers").raw(fleet.breakers);
    json.key("jobs").raw(fleet.jobs);
    json.key("alerts").raw(fleet.alerts);
    json.key("automation").raw(fleet.automation);
    body.append(json.endObject().take());
    return body;
}

QByteArray encodeJobs(const std::vector<JobStats>& jobs, const QString& leaseOwner) {
    const auto milliseconds = [](Duration d) { return toSeconds(d) * 1000; };
    JsonWriter json;
    json.beginArray();
    for (const JobStats& job : jobs) {
        const auto quantile = [&](double q) {
            return job.duration.count() > 0 ? std::optional(milliseconds(job.duration.quantile(q)))
                                            : std::nullopt;
        };
        json.beginObject();
        json.field("name", job.name);
        json.field("interval_s", toSeconds(job.interval));
        const bool alone = job.owner.isEmpty() && !job.elsewhere;
        json.textOrNull("lease_owner", alone ? leaseOwner : job.owner);
        json.textOrNull("switched_off_by", job.switchedOffBy);
        // What is counted where a job runs is unknown elsewhere.
        const auto here = [&job](auto figure) {
            return job.elsewhere ? std::nullopt : std::optional(figure);
        };
        json.field("running", here(job.running));
        json.field("last_run_at", here(job.lastRunAt));
        json.field(
            "last_duration_ms",
            here(job.lastRunAt ? std::optional(milliseconds(job.lastDuration)) : std::nullopt));
        json.field("p50_ms", here(quantile(0.5)));
        json.field("p95_ms", here(quantile(0.95)));
        json.field("p99_ms", here(quantile(0.99)));
        json.field("runs", here(static_cast<qint64>(job.runs)));
        json.field("errors", here(static_cast<qint64>(job.errors)));
        json.field("claimed", here(static_cast<qint64>(job.claimed)));
        json.field("processed", here(static_cast<qint64>(job.processed)));
        json.field("processed_last_cycle", here(job.processedLastCycle));
        json.field("blocked_by_guard", here(static_cast<qint64>(job.blockedByGuard)));
        json.endObject();
    }
    return json.endArray().take();
}

} // namespace vigie
