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

namespace {

/// What is counted where a job runs, and unknown elsewhere.
constexpr const char* figuresOfJobs[] = {"running",
                                         "last_run_at",
                                         "last_duration_ms",
                                         "p50_ms",
                                         "p95_ms",
                                         "p99_ms",
                                         "runs",
                                         "errors",
                                         "claimed",
                                         "processed",
                                         "processed_last_cycle",
                                         "blocked_by_guard"};

} // namespace

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
        if (job.elsewhere) {
            for (const char* figure : figuresOfJobs)
                json.key(figure).null();
            json.endObject();
            continue;
        }
        json.field("running", job.running);
        json.field("last_run_at", job.lastRunAt);
        json.field("last_duration_ms",
                   job.lastRunAt ? std::optional(milliseconds(job.lastDuration)) : std::nullopt);
        json.field("p50_ms", quantile(0.5));
        json.field("p95_ms", quantile(0.95));
        json.field("p99_ms", quantile(0.99));
        json.field("runs", static_cast<qint64>(job.runs));
        json.field("errors", static_cast<qint64>(job.errors));
        json.field("claimed", static_cast<qint64>(job.claimed));
        json.field("processed", static_cast<qint64>(job.processed));
        json.field("processed_last_cycle", job.processedLastCycle);
        json.field("blocked_by_guard", static_cast<qint64>(job.blockedByGuard));
        json.endObject();
    }
    return json.endArray().take();
}

} // namespace vigie
