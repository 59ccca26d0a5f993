#pragma once

#include "core/orchestrator/simulation/simcloud.h"
#include "core/providers/provider.h"

namespace vigie {

/// The API of a SimCloud: slow, now and then failing, and down or lying when the world says so.
class SimProvider final : public Provider {
public:
    SimProvider(Clock& clock, SimWorld& world, SimCloud& cloud)
        : m_clock(clock), m_world(world), m_cloud(cloud) {}

    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, CallToken stop) override;
    Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag, CallToken stop) override;
    Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) override;
    QString code() const override { return QStringLiteral("mock"); }
    bool loopbackProbesAllowed() const override { return true; }
    Duration listLag() const override { return SimCloud::longestListLag; }
    std::vector<ProviderZone> zones() const override { return {}; }
    std::vector<ProviderType> types() const override { return {}; }

private:
    Task<Outcome<void>> reach(std::stop_token stop);
    /// The answer takes its time too: who dies now does not know that the call took effect.
    Task<Outcome<void>> answer(std::stop_token stop);

    Clock& m_clock;
    SimWorld& m_world;
    SimCloud& m_cloud;
};

} // namespace vigie
