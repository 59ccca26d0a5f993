#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

namespace vigie::machines {

// What watch-dog saw is known where it runs: an empty answer elsewhere would look like none.
Task<ServerResponse> orphans(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const MachineBoard* board = context.jobs.machines();
    if (!board)
        co_return answer::ledElsewhere(QStringLiteral("the job watch-dog, which looks for them,"),
                                       context.plane.replica().leader());
    co_return answer::json(encodeOrphanMachines(*board));
}

} // namespace vigie::machines
