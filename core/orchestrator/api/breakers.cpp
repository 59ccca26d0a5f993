#include "core/model/breakercodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

namespace vigie::breakers {

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const std::vector<Breaker> all = context.breakers();
    co_return answer::json(encodeBreakers(all));
}

} // namespace vigie::breakers
