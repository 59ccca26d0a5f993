#pragma once

#include "core/providers/mock/mockfleet.h"
#include "core/providers/provider.h"
#include "core/providers/troubledesk.h"

namespace vigie {

/// A cloud that does not exist, with an API as slow and as unreliable as configured.
class MockProvider final : public Provider, public TroubleDesk {
public:
    static Outcome<std::unique_ptr<MockProvider>> open(Clock& clock, MockProviderOptions options);

    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, CallToken stop) override;

    Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag, CallToken stop) override;
    Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) override;

    QString code() const override;
    /// Of now: how far behind it may be told to be.
    Duration listLag() const override { return m_options.listLag; }
    bool loopbackProbesAllowed() const override { return true; }
    std::vector<ProviderZone> zones() const override;
    std::vector<ProviderType> types() const override;

    TroubleDesk* troubleDesk() override { return this; }
    ProviderTrouble trouble() const override;
    ProviderTrouble configured() const override { return m_configured; }
    Outcome<void> setTrouble(ProviderTrouble trouble) override;
    Outcome<void> befall(const ProviderMishap& mishap) override {
        return m_fleet->befall(mishap, clusterTag());
    }

    /// What happens in it, for simulations and tests.
    MockFleet& fleet() { return *m_fleet; }

private:
    MockProvider(Clock& clock, MockProviderOptions options, std::unique_ptr<MockFleet> fleet);

    /// The way to the API: its latency, and its failure if it has one for this call.
    Task<Outcome<void>> reach(std::stop_token stop);
    /// The same of what changes something: asked for leave at its end.
    Task<Outcome<void>> order(std::stop_token stop);
    Outcome<void> execute(const MachineCommand& command);
    Outcome<Machine> createNow(const CreateMachine& request);
    Machine toMachine(const MockMachine& machine) const;
    bool isListed(const MockMachine& machine) const;
    void take(ProviderTrouble trouble);
    /// Does wrong from now on what another process was told.
    void heed();

    Clock& m_clock;
    MockProviderOptions m_options;
    int m_heeded = 0; ///< tellings of a shared file
    std::unique_ptr<MockFleet> m_fleet;
    ProviderTrouble m_configured;
    MockDice m_dice; ///< of the API; the fleet's own stays untouched by how often it is called
};

} // namespace vigie
