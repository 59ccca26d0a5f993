#pragma once

#include "core/alerts/alertrule.h"

#include <map>
#include <set>

namespace vigie {

struct AlertEngineOptions {
    Duration retention = std::chrono::minutes(15); ///< how long a resolved alert stays listed
};

/// Turns what the rules want into alerts with a life: pending, firing once wanted for the hold
/// time, resolved, forgotten after the retention. One alert per set of labels: a condition that
/// comes back revives its alert instead of adding another.
///
/// An alert that needs sight of a source is neither resolved nor promoted while that source is
/// not live or late: silence is not health.
class AlertEngine {
public:
    AlertEngine(std::vector<AlertRule> rules, AlertEngineOptions options = {});

    /// `now` moves the state machine, `wallNow` only stamps. True when any alert changed.
    bool evaluate(const AlertFacts& facts, MonotonicTime now, WallTime wallNow);

    /// Firing first, then pending, then resolved; within each the worst and newest first.
    std::vector<Alert> alerts() const;

private:
    struct Entry {
        Alert alert;
        bool needsSight = true;
        MonotonicTime since{}; ///< of the current state
    };

    bool want(const AlertRule& rule, WantedAlert wanted, MonotonicTime now, WallTime wallNow,
              std::set<QString>& seen);
    bool settle(Entry& entry, MonotonicTime now, WallTime wallNow);

    std::vector<AlertRule> m_rules;
    AlertEngineOptions m_options;
    std::map<QString, Entry> m_entries; ///< by identity: all labels in one text
};

} // namespace vigie
