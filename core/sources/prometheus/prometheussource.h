#pragma once

#include "core/sources/source.h"

namespace vigie {

/// A page of Prometheus text as a source: its histograms of time become latency series. Nothing
/// can be inspected or done there.
class PrometheusSource final : public Source {
public:
    explicit PrometheusSource(SourceContext context);

    Task<Outcome<SourceReading>> poll(std::stop_token stop) override;
    Task<Outcome<Inspection>> inspect(InstanceId id, std::stop_token stop) override;
    Task<Outcome<QString>> act(Action action, InstanceId id, QString reason,
                               QByteArray idempotencyKey, std::stop_token stop) override;
    const Endpoint& endpoint() const override { return m_endpoint; }

private:
    Outcome<QByteArray> bearerToken() const;

    SourceContext m_context;
    Endpoint m_endpoint;
};

} // namespace vigie
