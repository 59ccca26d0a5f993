#pragma once

#include "core/sources/operationsource.h"
#include "core/sources/orchestrator/session.h"

namespace vigie {

/// The operations of one orchestrator over its HTTP API.
class RemoteOperations final : public OperationSource {
public:
    explicit RemoteOperations(Session& session) : m_session(session) {}

    Task<Outcome<ActionPreview>> plan(Action action, std::vector<InstanceId> ids,
                                      std::stop_token stop) override;
    Task<Outcome<QString>> start(Action action, std::vector<InstanceId> ids, QString reason,
                                 QByteArray idempotencyKey, std::stop_token stop) override;
    Task<Outcome<RemoteOperation>> follow(QString id, std::optional<command::OperationVerb> verb,
                                          std::stop_token stop) override;

private:
    Session& m_session;
};

} // namespace vigie
