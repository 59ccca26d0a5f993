#pragma once

#include "core/model/action.h"
#include "core/watchdog/guards.h"
#include "core/watchdog/stormbrake.h"

namespace vigie {

/// What stays in force until it is taken back: a pause, a mode, a storm brake. Each is a row of the
/// action log that is in progress as long as the order stands, so that it survives a restart and
/// every replica sees the same.
struct StandingOrder {
    enum class Kind { Pause, Mode, StormBrake };
    Kind kind = Kind::Pause;
    QString scope; ///< a pool; empty: everything
    QString reason;
    AutomationMode mode = AutomationMode::Observe; ///< of Mode
};

/// Whether this row is one; such rows stay in progress on purpose.
bool isStandingOrder(const ActionLog& row);
/// Whether this row is a silence of alerts (see alerting/alertdesk.h), which stays so too.
bool isSilence(const ActionLog& row);
/// The action type that its row has.
QStringView actionTypeOf(StandingOrder::Kind kind);

/// What goes into the row's request_payload.
QByteArray encodeStandingOrder(const StandingOrder& order);
/// Nothing for a row that is none, or that this version can't read.
std::optional<StandingOrder> decodeStandingOrder(const ActionLog& row);

/// The same of a release, which is an event and no order.
QByteArray encodeRelease(StormBrake::SilentAre silent);
StormBrake::SilentAre decodeRelease(const ActionLog& row);

} // namespace vigie
