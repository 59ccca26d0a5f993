#pragma once

#include "core/base/clock.h"
#include "core/http/breakerview.h"
#include "core/model/breaker.h"
#include "core/providers/provider.h"
#include "core/resilience/circuitbreaker.h"

namespace vigie {

/// A provider behind a circuit breaker: while it fails, its calls are refused at once with
/// BreakerOpen, which proves nothing about any machine.
class GuardedProvider final : public Provider {
public:
    GuardedProvider(Clock& clock, std::unique_ptr<Provider> inner, CircuitOptions options,
                    bool enabled);

    QString code() const override { return m_inner->code(); }
    bool loopbackProbesAllowed() const override { return m_inner->loopbackProbesAllowed(); }
    std::vector<ProviderZone> zones() const override { return m_inner->zones(); }
    std::vector<ProviderType> types() const override { return m_inner->types(); }

    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, std::stop_token stop) override;
    Task<Outcome<std::vector<Machine>>> machines(QString tag, std::stop_token stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag,
                                                      std::stop_token stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, std::stop_token stop) override;

    Breaker breaker() const;

private:
    template <typename T, typename Call>
    Task<Outcome<T>> through(Call call);

    Clock& m_clock;
    std::unique_ptr<Provider> m_inner;
    BreakerView m_view;
    CircuitBreaker m_breaker;
};

} // namespace vigie
