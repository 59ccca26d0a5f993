#include "core/orchestrator/api/activitycodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/samplebook.h"

#include <algorithm>

namespace vigie::activity {

namespace {

constexpr std::size_t mostSamples = 50'000;

struct Wanted {
    int windowSeconds = 0;
    std::chrono::seconds slice{}; ///< zero: as they are
    InstanceId instanceId;        ///< empty: all
};

Outcome<std::chrono::seconds> sliceOf(const QString& word) {
    static const QHash<QString, int> named{{QStringLiteral("raw"), 0},
                                           {QStringLiteral("second"), 0},
                                           {QStringLiteral("minute"), 60},
                                           {QStringLiteral("hour"), 3600},
                                           {QStringLiteral("day"), 86400}};
    if (const auto known = named.constFind(word); known != named.constEnd())
        return std::chrono::seconds(*known);
    bool whole = false;
    const int seconds = word.toInt(&whole);
    if (whole && seconds >= 1 && seconds <= 3600)
        return std::chrono::seconds(seconds);
    return fail(FailureKind::Invalid,
                QStringLiteral("query parameter granularity is \"%1\"; it must be seconds from 1 "
                               "to 3600, or one of raw, second, minute, hour, day")
                    .arg(word.left(64)));
}

Outcome<Wanted> read(const QUrlQuery& parameters) {
    QueryReader query(parameters);
    Wanted wanted;
    wanted.windowSeconds = query.integer(QStringLiteral("window_s"), 300, 30, 3600);
    wanted.instanceId = InstanceId(query.uuid(QStringLiteral("instance_id")));
    const QString granularity = query.text(QStringLiteral("granularity"));
    if (query.mistake())
        return fail(*query.mistake());
    if (wanted.instanceId.isEmpty() && parameters.hasQueryItem(QStringLiteral("instance_id")))
        return fail(FailureKind::Invalid,
                    QStringLiteral("query parameter instance_id is empty; it must be a UUID"));
    if (parameters.hasQueryItem(QStringLiteral("granularity"))) {
        const auto slice = sliceOf(granularity);
        if (!slice)
            return fail(slice.error());
        wanted.slice = *slice;
    }
    return wanted;
}

bool isOver(const Instance& instance) {
    return instance.isArchived || instance.status == InstanceStatus::Terminated ||
           instance.status == InstanceStatus::Archived;
}

/// Every instance that lives, told or not, and those of the past that told something.
std::vector<InstanceActivity> byInstance(const ApiContext& context, const Wanted& wanted,
                                         std::vector<SampleBook::Series> series) {
    QHash<InstanceId, std::vector<ActivitySample>*> told;
    for (SampleBook::Series& one : series)
        told.insert(one.instanceId, &one.samples);
    std::vector<InstanceActivity> all;
    for (const FleetEntry* entry : context.plane.entries()) {
        const Instance& instance = entry->record.instance;
        auto* samples = told.value(instance.id);
        const bool asked = wanted.instanceId.isEmpty() || instance.id == wanted.instanceId;
        if (!asked || (!samples && wanted.instanceId.isEmpty() && isOver(instance)))
            continue;
        all.push_back({instance, samples ? coarsened(std::move(*samples), wanted.slice)
                                         : std::vector<ActivitySample>()});
    }
    return all;
}

Task<Outcome<std::vector<InstanceActivity>>> find(ApiContext& context, Wanted wanted) {
    const WallTime after =
        context.plane.clock().wallNow() - std::chrono::seconds(wanted.windowSeconds);
    auto series = co_await context.plane.samples().since(after, wanted.instanceId);
    if (!series)
        co_return fail(series.error());
    co_return byInstance(context, wanted, std::move(*series));
}

using Count = std::size_t (*)(const ActivitySample&);
using Encode = QByteArray (*)(const std::vector<InstanceActivity>&, int, WallTime);

Task<ServerResponse> tell(ApiContext& context, Call call, Count count, Encode encode) {
    const auto wanted = read(call.request.query);
    if (!wanted)
        co_return answer::failed(wanted.error());
    if (!wanted->instanceId.isEmpty() && !context.plane.find(wanted->instanceId))
        co_return answer::unknownInstance(wanted->instanceId.value());
    const auto all = co_await find(context, *wanted);
    if (!all)
        co_return answer::failed(all.error());
    std::size_t samples = 0;
    for (const InstanceActivity& one : *all) {
        for (const ActivitySample& sample : one.samples)
            samples += count(sample);
    }
    if (samples > mostSamples)
        co_return answer::error(400, QStringLiteral("invalid_request"),
                                QStringLiteral("the answer would have %1 samples, and %2 are "
                                               "allowed; ask for one instance, a shorter window or "
                                               "a coarser granularity")
                                    .arg(samples)
                                    .arg(mostSamples));
    co_return answer::json(encode(*all, wanted->windowSeconds, context.plane.clock().wallNow()));
}

} // namespace

Task<ServerResponse> gpu(ApiContext& context, Call call) {
    return tell(
        context, std::move(call), [](const ActivitySample& sample) { return sample.gpus.size(); },
        encodeGpuActivity);
}

Task<ServerResponse> system(ApiContext& context, Call call) {
    return tell(
        context, std::move(call),
        [](const ActivitySample& sample) { return std::size_t(sample.system ? 1 : 0); },
        encodeSystemActivity);
}

} // namespace vigie::activity
