#pragma once

#include "core/sources/source.h"

namespace vigie {

/// A source of which only the address is known. Asks there until a kind of source recognises an
/// answer, and from then on is a source of that kind.
class AutoSource final : public Source {
public:
    AutoSource(std::vector<SourceDescriptor> kinds, SourceContext context);

    Task<Outcome<SourceReading>> poll(std::stop_token stop) override;
    Task<Outcome<Inspection>> inspect(InstanceId id, std::stop_token stop) override;
    Task<Outcome<QString>> act(Action action, InstanceId id, QString reason,
                               QByteArray idempotencyKey, std::stop_token stop) override;
    const Endpoint& endpoint() const override;
    OperationSource* operations() override { return m_found ? m_found->operations() : nullptr; }

private:
    Task<Outcome<QString>> findKind(std::stop_token stop);
    Outcome<QString> recognise(const HttpReply& reply) const;
    Failure notKnownYet() const;

    std::vector<SourceDescriptor> m_kinds;
    SourceContext m_context;
    Endpoint m_endpoint; ///< asks while the kind is not known
    std::unique_ptr<Source> m_found;
};

} // namespace vigie
