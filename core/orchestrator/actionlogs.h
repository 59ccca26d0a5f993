#pragma once

#include "core/orchestrator/controlplane.h"

namespace vigie {

/// What goes into an action-log row's `metadata`, as a compact JSON object; empty without content.
struct ActionMetadata {
    QString reason;
    std::optional<Assessment> assessment; ///< rule, verdict and evidence
    std::optional<int> incarnation, attempt;
    QString mode;             ///< of the automation
    QStringList passedGuards; ///< that a person overrode
};
QByteArray encodeActionMetadata(const ActionMetadata& metadata);

/// A row of the action log, begun (InProgress) or complete, that says who asked and why.
ActionLog actionLog(QStringView type, ActionLogStatus status, const Asker& asker,
                    ActionMetadata metadata = {});

/// A complete row of something that failed.
ActionLog failedLog(QStringView type, QStringView errorCode, const QString& message,
                    const Asker& asker = {}, ActionMetadata metadata = {});

ActionLogFinish finished(const ActionLogId& id);
ActionLogFinish failed(const ActionLogId& id, QStringView errorCode, const QString& message);

} // namespace vigie
