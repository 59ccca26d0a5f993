#pragma once

#include "core/store/fleetstore.h"

#include <functional>
#include <optional>

namespace vigie {

// The works in hand that the Reinstaller does itself, as the store names them; see replaceWork too.
inline const QString reinstallWork = QStringLiteral("reinstall");
inline const QString restartWork = QStringLiteral("restart_worker");

/// Whether this work in hand is a remedy that the Reinstaller does.
bool isRemedy(const QString& workInHand);

/// "The reinstall", for sentences.
QString nameOfRemedy(const QString& work);

/// Refuses a change when another work took the place of this one.
std::function<std::optional<QString>(const InstanceRecord&)>
unlessAnotherRemedy(const ActionLogId& work);

} // namespace vigie
