#pragma once

#include "core/base/clock.h"

#include <QMap>
#include <QString>

#include <optional>

namespace vigie {

enum class Severity { Info, Warning, Critical };
QString toString(Severity severity);
std::optional<Severity> severityFromString(QStringView word);

enum class AlertState { Pending, Firing, Resolved };
QString toString(AlertState state);
std::optional<AlertState> alertStateFromString(QStringView word);

/// One alert; its identity is its set of labels (`alertname`, `severity`, `source`, `instance`...).
struct Alert {
    QMap<QString, QString> labels;
    QString summary;     ///< one sentence: what is wrong
    QString description; ///< what it means and what may be done
    Severity severity = Severity::Warning;
    AlertState state = AlertState::Pending;
    WallTime activeSince{};
    std::optional<WallTime> firedAt, resolvedAt;
    bool operator==(const Alert&) const = default;
};

} // namespace vigie
