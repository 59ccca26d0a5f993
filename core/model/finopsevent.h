#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/model/tokencount.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>

namespace vigie {

enum class FinopsKind {
    CostStarted, ///< there is a machine that costs
    CostUpdated, ///< what it has cost so far, at a change of its state or price
    CostStopped, ///< the machine is gone; the total is final
    TokensUsed,  ///< what its model server has read and written since the last such event
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
    double costPerHour = 0;            ///< EUR
    double totalCost = 0;              ///< EUR, of this instance until `at`
    std::optional<TokenCount> used;    ///< of TokensUsed
    std::optional<TokenCount> counter; ///< what the model server's own counters said then
};

/// All that an instance is known to have used.
struct TokenTotals {
    InstanceId instanceId;
    TokenCount used;
    TokenCount counter; ///< at the newest event
    WallTime first{}, last{};
};
/// The contract's answer of GET /instances/{id}/metrics; what failed is not told by model servers.
QByteArray encodeTokenTotals(const std::optional<TokenTotals>& totals);

/// {id, number, event_type, instance_id, pool, instance_type, status, cost_per_hour, total_cost,
/// currency, requests, input_tokens, output_tokens, correlation_id, created_at}
QByteArray encodeFinopsEvent(const FinopsEvent& event);
QByteArray encodeFinopsEvents(std::span<const FinopsEvent> events);

} // namespace vigie
