#pragma once

#include "core/base/clock.h"
#include "core/model/breaker.h"
#include "core/orchestrator/daemon/daemoncalls.h"
#include "core/providers/provider.h"

namespace vigie {

/// A provider behind the daemon's pipeline: while it fails, its calls are refused at once with
/// BreakerOpen, which proves nothing about any machine.
class GuardedProvider final : public Provider {
public:
    /// `calls` outlives it.
    GuardedProvider(Clock& clock, std::unique_ptr<Provider> inner, DaemonCalls& calls);

    QString code() const override { return m_inner->code(); }
    bool loopbackProbesAllowed() const override { return m_inner->loopbackProbesAllowed(); }
    QString clusterTag() const override { return m_inner->clusterTag(); }
    Duration listLag() const override { return m_inner->listLag(); }
    std::vector<ProviderZone> zones() const override { return m_inner->zones(); }
    TroubleDesk* troubleDesk() override { return m_inner->troubleDesk(); }
    std::vector<ProviderType> types() const override { return m_inner->types(); }

    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, CallToken stop) override;
    Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag, CallToken stop) override;
    Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) override;

    Task<Outcome<void>> syncCatalog(CallToken stop) override;

    Breaker breaker() const;

    /// From now on nothing is changed at the provider while this says no: our lease ended, and
    /// others may have taken over.
    void actOnlyWhile(std::function<bool()> allowed) { m_allowed = std::move(allowed); }
    /// Nor while this gives a reason, as one sentence.
    void actUnless(std::function<QString()> why) { m_untouched = std::move(why); }

private:
    std::optional<Failure> refusalNow() const;
    template <typename T>
    Task<Outcome<T>> through(std::function<Task<Outcome<T>>(std::stop_token)> call, CallToken token,
                             bool idempotent);

    std::unique_ptr<Provider> m_inner;
    DaemonCalls& m_calls;
    CallRunner m_runner;
    std::function<bool()> m_allowed;
    std::function<QString()> m_untouched;
};

} // namespace vigie
