#pragma once

#include <QString>

#include <stop_token>
#include <utility>

namespace vigie {

/// Ends a call to a provider early, and names the order that the call is part of.
class CallToken {
public:
    CallToken() = default;
    // Not explicit: most calls are part of no order.
    CallToken(std::stop_token stop, QString correlationId = {})
        : m_stop(std::move(stop)), m_correlationId(std::move(correlationId)) {}

    const std::stop_token& stop() const { return m_stop; }
    bool stop_requested() const { return m_stop.stop_requested(); }
    const QString& correlationId() const { return m_correlationId; } ///< empty: of no order

private:
    std::stop_token m_stop;
    QString m_correlationId;
};

} // namespace vigie
