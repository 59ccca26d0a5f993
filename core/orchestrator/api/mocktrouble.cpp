#include "core/orchestrator/api/mocktrouble.h"

#include "core/base/log.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/chaosdesk.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/requestcodec.h"

namespace vigie::mock_ {

namespace {

ServerResponse notMock(const Provider& provider) {
    return answer::error(409, QStringLiteral("not_a_mock"),
                         QStringLiteral("the provider here is \"%1\"; only mock can be told what "
                                        "to do wrong")
                             .arg(provider.code()));
}

} // namespace

Task<ServerResponse> show(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const TroubleDesk* desk = context.provider.troubleDesk();
    co_return desk ? answer::json(encodeTrouble(desk->trouble())) : notMock(context.provider);
}

Task<ServerResponse> change(ApiContext& context, Call call) {
    TroubleDesk* desk = context.provider.troubleDesk();
    if (!desk)
        co_return notMock(context.provider);
    if (const auto wrong = whyNoJsonObject(call.request.body))
        co_return answer::failed(*wrong);
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const auto trouble = decodeTrouble(call.request.body, desk->trouble());
    if (!trouble)
        co_return answer::failed(trouble.error());
    const auto mishap = decodeMishap(call.request.body);
    if (!mishap)
        co_return answer::failed(mishap.error());
    const ProviderTrouble before = desk->trouble();
    if (const auto told = desk->setTrouble(*trouble); !told)
        co_return answer::failed(told.error());
    if (const auto befallen = desk->befall(*mishap); !befallen) {
        // A refusal leaves all as it was.
        const auto back = desk->setTrouble(before);
        co_return answer::failed(back ? befallen.error() : back.error());
    }
    context.chaos->forget();
    const QByteArray now = encodeTrouble(*trouble);
    logInfo(QStringLiteral("providers.mock"),
            QStringLiteral("%1 steers it: %2").arg(asker->actor, QString::fromUtf8(now)),
            asker->correlationId);
    co_await noteAsked(context.plane, actiontype::mockSteered, *asker, call.request.body.trimmed());
    co_return answer::json(now);
}

} // namespace vigie::mock_
