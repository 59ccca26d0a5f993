#pragma once

#include "core/base/clock.h"
#include "core/tasks/plan/taskresult.h"
#include "core/telemetry/metrics.h"
#include "core/telemetry/successwindow.h"

#include <map>
#include <utility>

namespace vigie {

/// Counts what became of tasks, by engine and model, and knows where too many of the last hundred
/// failed (seed 000).
class TaskFigures {
public:
    /// Both outlive it.
    TaskFigures(const Clock& clock, MetricRegistry& metrics);

    /// A task that is over, done or failed for good.
    void ended(const TaskResult& result);

    /// An engine's model with which too many tasks fail.
    struct Failing {
        QString engine, model; ///< the model may be empty
        double rate = 0;       ///< of success, 0 to 1
        int tasks = 0;         ///< that it was counted over
    };
    std::vector<Failing> failing() const;

    static constexpr std::size_t mostKeys = 200; ///< further ones are counted, not watched

private:
    using Key = std::pair<QString, QString>;

    const Clock& m_clock;
    CounterSet& m_tasks;
    CounterSet& m_attempts;
    GaugeSet& m_rate;
    HistogramSet& m_durations;
    std::map<Key, SuccessWindow> m_windows;
};

} // namespace vigie
