#pragma once

#include "core/base/outcome.h"
#include "core/orchestrator/actions/actionoperation.h"

#include <QByteArray>
#include <QStringList>

namespace vigie {

/// Which instances are meant; fields that are empty do not filter.
struct InstanceFilter {
    QStringList statuses;
    QString pool, zone, model, verdict;
    bool operator==(const InstanceFilter&) const = default;
};
bool fits(const InstanceFilter& filter, const Instance& instance, const QString& verdict);

/// POST /actions/plan and POST /actions, as received.
struct ActionRequest {
    std::optional<Action> action; ///< nothing only with a plan
    QString planId;
    QStringList ids;
    std::optional<InstanceFilter> filter;
    QString reason;
    bool override = false;
    std::optional<Duration> expiresIn; ///< of a hold
    std::optional<WaveOptions> waves;
};
constexpr int maxActionTargets = 1000;

/// Invalid, with what is wrong and where, for anything that is not exactly one of: a plan_id; an
/// action with ids or a filter. `waves` starts out from `defaults`. A key that is not known is a
/// mistake here: it may have been meant to narrow what is done.
Outcome<ActionRequest> decodeActionRequest(const QByteArray& body, const WaveOptions& defaults,
                                           bool planAllowed);

} // namespace vigie
