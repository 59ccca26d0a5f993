#pragma once

#include "core/model/action.h"
#include "core/orchestrator/controlplane.h"

namespace vigie {

/// A log entry of something that `asker` asked and that is done as soon as it is written; its
/// metadata holds the reason and the correlation id.
ActionLog completedLog(const char16_t* actionType, const Asker& asker);

/// {kind: name, changed?: [...]}: what a row is about that concerns no instance.
QByteArray encodeSubject(const char* kind, const QString& name, const QStringList& changed = {});

/// Writes down what `asker` asked and got that changes no instance; while the store is away it is
/// kept and written later. `asked` and `got` are JSON, or empty.
Task<> noteAsked(ControlPlane& plane, const char16_t* actionType, Asker asker, QByteArray asked,
                 QByteArray got = {});

} // namespace vigie
