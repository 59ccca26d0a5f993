#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/secrets.h"

namespace vigie::actions {

Task<ServerResponse> bootstrapSecret(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const auto asker = askerWithReason(call);
    if (!asker)
        co_return answer::failed(asker.error());
    if (!context.plane.find(*id))
        co_return answer::unknownInstance(id->value());

    const Secret secret = newSecret();
    ControlPlane::Change change;
    change.refuse = [](const InstanceRecord& now) -> std::optional<QString> {
        if (isOver(now.instance.status))
            return QStringLiteral("the instance is %1; no worker will register for it")
                .arg(toString(now.instance.status));
        if (now.instance.providerInstanceId.isEmpty())
            return QStringLiteral("the instance has no machine yet; it will be created with a "
                                  "secret of its own");
        return std::nullopt;
    };
    change.edit = [hash = secret.hash](InstanceRecord& edited) {
        edited.bootstrapSecretHash = hash;
        edited.formerSecretHash.clear();
    };
    change.logStarts.push_back(completedLog(actiontype::bootstrapSecretMade, *asker));
    const auto changed = co_await context.plane.apply(*id, std::move(change));
    if (!changed)
        co_return answer::failed(changed.error());
    ServerResponse response = answer::json(encodeSecret(secret.plain), 201);
    response.headers.emplaceBack("Cache-Control", "no-store");
    co_return response;
}

} // namespace vigie::actions
