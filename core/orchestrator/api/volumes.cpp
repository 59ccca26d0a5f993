#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/api/volumescodec.h"

namespace vigie::volumes_ {

namespace {

/// What the newest reconciliation found, with the rows as they are now.
std::vector<VolumeFinding> findingsOf(const ApiContext& context) {
    std::vector<VolumeFinding> findings = context.jobs.volumes().findings;
    QHash<VolumeId, std::size_t> known;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        if (findings[i].row)
            known.insert(findings[i].row->id, i);
    }
    for (VolumeFinding& fresh : surveyVolumes(context.plane, std::nullopt, {})) {
        const auto place = known.constFind(fresh.row->id);
        if (place == known.constEnd())
            findings.push_back(std::move(fresh));
        else
            findings[*place].row = fresh.row;
    }
    return findings;
}

} // namespace

Task<ServerResponse> list(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const auto orphan = query.boolean(QStringLiteral("orphan"));
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    if (const auto failure = context.plane.storeFailure())
        co_return answer::failed(*failure);
    std::vector<VolumeFinding> findings = findingsOf(context);
    if (orphan)
        std::erase_if(findings, [wanted = *orphan](const VolumeFinding& one) {
            return (one.word == VolumeWord::Orphan) != wanted;
        });
    co_return answer::json(
        encodeVolumeFindings(findings, context.jobs.volumes().listedAt, context.plane));
}

} // namespace vigie::volumes_
