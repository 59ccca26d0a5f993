#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/api/volumescodec.h"

namespace vigie::volumes_ {

namespace {

/// What the newest reconciliation found, with the rows as they are now.
std::vector<VolumeFinding> findingsOf(const ApiContext& context, const VolumeBoard& board) {
    std::vector<VolumeFinding> findings = board.findings;
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
    // What the reconciliation found is known where it runs; elsewhere no volume is known to be an
    // orphan, and none not to be one.
    const VolumeBoard* board = context.jobs.volumes();
    if (orphan && !board)
        co_return answer::ledElsewhere(
            QStringLiteral("the job volume-reconciliation, which looks for orphans,"),
            context.plane.replica().leader());
    if (orphan && !board->listedAt)
        co_return answer::error(
            503, QStringLiteral("not_listed_yet"),
            QStringLiteral("which volumes are orphans is not known: ") +
                (!board->enabled            ? QStringLiteral("the job volume-reconciliation is off")
                 : board->failure.isEmpty() ? QStringLiteral("the provider is being asked")
                                            : board->failure));
    static const VolumeBoard nothing;
    const VolumeBoard& found = board ? *board : nothing;
    std::vector<VolumeFinding> findings = findingsOf(context, found);
    if (orphan)
        std::erase_if(findings, [wanted = *orphan](const VolumeFinding& one) {
            return (one.word == VolumeWord::Orphan) != wanted;
        });
    co_return answer::json(encodeVolumeFindings(findings, found.listedAt, context.plane));
}

} // namespace vigie::volumes_
