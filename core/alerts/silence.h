#pragma once

#include "core/alerts/labelmatcher.h"
#include "core/model/alert.h"

#include <vector>

namespace vigie {

enum class SilenceState { Pending, Active, Expired };
QString toString(SilenceState state);

/// What a person does not want to be told for a while. The alerts it covers go on and are shown as
/// suppressed: it hides nothing.
struct Silence {
    QString id;
    std::vector<LabelMatcher> matchers; ///< all have to fit
    WallTime startsAt{}, endsAt{}, updatedAt{};
    QString createdBy, comment;

    SilenceState state(WallTime now) const;
    /// Whether it covers an alert with these labels, whatever the time.
    bool covers(const QMap<QString, QString>& labels) const;
};

/// 16 hex digits that stand for an alert's labels; the same on every daemon.
QString fingerprintOf(const QMap<QString, QString>& labels);

} // namespace vigie
