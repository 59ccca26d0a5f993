#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>

namespace vigie {

enum class FinopsKind {
    CostStarted, ///< there is a machine that costs
    CostUpdated, ///< what it has cost so far, at a change of its state or price
    CostStopped, ///< the machine is gone; the total is final
};
QString toString(FinopsKind kind); ///< "EVT:COST_STARTED"
std::optional<FinopsKind> finopsKindFromString(QStringView word);

/// What somebody who keeps the books wants to know; written with the change that it tells of.
struct FinopsEvent {
    qint64 number = 0; ///< given by the store; grows
    QString id;
    FinopsKind kind = FinopsKind::CostUpdated;
    WallTime at{};
    InstanceId instanceId;
    QString pool, instanceType, status, correlationId;
    double costPerHour = 0; ///< EUR
    double totalCost = 0;   ///< EUR, of this instance until `at`
};

/// {id, number, event_type, instance_id, pool, instance_type, status, cost_per_hour, total_cost,
/// currency, correlation_id, created_at}
QByteArray encodeFinopsEvent(const FinopsEvent& event);
QByteArray encodeFinopsEvents(std::span<const FinopsEvent> events);

} // namespace vigie
