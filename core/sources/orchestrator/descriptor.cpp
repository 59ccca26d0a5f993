#include "core/sources/orchestrator/orchestratorcodec.h"
#include "core/sources/orchestrator/orchestratorsource.h"
#include "core/sources/replyclues.h"

namespace vigie::sources::orchestrator {

SourceDescriptor descriptor() {
    return {
        QStringLiteral("orchestrator"),
        QStringLiteral("An orchestrator's HTTP API: fleet, action log and manual actions"),
        [](const HttpReply& reply) {
            return isHtml(reply) ? 0.0 : orchestratorLikeness(reply.body);
        },
        [](SourceContext context) -> Outcome<std::unique_ptr<Source>> {
            const QUrl& url = context.config.url;
            if (!url.isValid() || url.host().isEmpty())
                return fail(FailureKind::Invalid,
                            QStringLiteral("\"%1\" is not the address of an orchestrator; an "
                                           "example is http://host:8003.")
                                .arg(url.toDisplayString(QUrl::RemoveUserInfo)));
            return std::make_unique<OrchestratorSource>(std::move(context));
        },
    };
}

} // namespace vigie::sources::orchestrator
