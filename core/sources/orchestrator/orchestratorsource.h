#pragma once

#include "core/sources/orchestrator/remoteoperations.h"
#include "core/sources/orchestrator/sidereader.h"

namespace vigie {

/// An orchestrator as a source: its fleet, its breakers, its action log, and manual actions on it.
/// Works against one that serves only part A of the contract; what is missing then is told in
/// notices.
class OrchestratorSource final : public Source {
public:
    explicit OrchestratorSource(SourceContext context);

    Task<Outcome<SourceReading>> poll(std::stop_token stop) override;
    Task<Outcome<Inspection>> inspect(InstanceId id, std::stop_token stop) override;
    Task<Outcome<QString>> act(Action action, InstanceId id, QString reason,
                               QByteArray idempotencyKey, std::stop_token stop) override;
    const Endpoint& endpoint() const override { return m_endpoint; }
    OperationSource* operations() override { return &m_operations; }

private:
    SourceContext m_context;
    Endpoint m_endpoint;
    Session m_session;
    FleetReader m_fleet;
    SideReader m_sides;
    RemoteOperations m_operations;
};

} // namespace vigie
