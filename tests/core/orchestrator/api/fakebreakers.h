#pragma once

#include "core/orchestrator/breakeroverrides.h"

#include <QHash>

namespace vigie {

/// Breakers that only remember what was done to them.
class FakeBreakers final : public BreakerControl {
public:
    QHash<QString, QString> states; ///< by name; "none": as computed

    bool hasBreaker(const QString& name) const override { return states.contains(name); }
    void impose(const BreakerOrder& order, const QString& actor) override {
        states[order.breaker] = toString(order.state) + QStringLiteral(" by ") + actor;
    }
    void lift(const QString& name, const QString&, const QString&) override {
        states[name] = QStringLiteral("none");
    }
};

} // namespace vigie
