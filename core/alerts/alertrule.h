#pragma once

#include "core/model/fleetsnapshot.h"

#include <functional>
#include <span>
#include <vector>

namespace vigie {

/// All that alert rules look at: what the dashboard knows at one moment.
struct AlertFacts {
    std::span<const SourceStatus> sources;
    std::span<const std::shared_ptr<const InstanceView>> instances;

    const SourceStatus* source(const SourceId& id) const;
    /// What a person calls the source; its id when it is not among the facts.
    QString nameOf(const SourceId& id) const;
};

/// What every alert about an instance is labelled with: source and instance and, where they are
/// known, pool, provider and zone.
QMap<QString, QString> labelsOf(const InstanceView& view);

/// An alert that a rule finds justified now.
struct WantedAlert {
    QMap<QString, QString> labels; ///< without `alertname` and `severity`, which the rule adds
    QString summary;               ///< one sentence: what is wrong
    QString description;           ///< what it means and what may be done
    Duration holdFor{};            ///< how long it must stay wanted before it fires
    /// True when the condition is only seen through the source that the `source` label names: while
    /// that source is blind, silence of the rule proves nothing.
    bool needsSight = true;
};

/// A named condition: a pure function of the facts. Adding a rule is adding a folder below
/// core/alerts/rules with a `descriptor()`.
struct AlertRule {
    QString name; ///< the `alertname` label
    Severity severity = Severity::Warning;
    std::function<std::vector<WantedAlert>(const AlertFacts&)> evaluate;
};

namespace rules {
/// All rules of this build; generated from the sub-folders.
std::vector<AlertRule> registry();
} // namespace rules

} // namespace vigie
