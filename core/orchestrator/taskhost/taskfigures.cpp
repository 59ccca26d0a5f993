#include "core/orchestrator/taskhost/taskfigures.h"

namespace vigie {

TaskFigures::TaskFigures(const Clock& clock, MetricRegistry& metrics)
    : m_clock(clock),
      m_tasks(metrics.counters("vigie_tasks_total",
                               "Tasks of plans that are over, done or failed for good.")),
      m_attempts(metrics.counters("vigie_task_attempts_total",
                                  "Attempts of tasks, the first one included.")),
      m_rate(metrics.gauges("vigie_task_success_ratio",
                            "Share of the last 100 tasks that succeeded, from 0 to 1.")),
      m_durations(metrics.histograms("vigie_task_duration_seconds",
                                     "Time of tasks, waits between attempts included.")) {}

void TaskFigures::ended(const TaskResult& result) {
    const MetricLabels labels{{"engine", result.engine.toStdString()},
                              {"model", result.model.toStdString()}};
    MetricLabels counted = labels;
    counted.push_back({"outcome", result.succeeded ? "success" : "failure"});
    m_tasks.add(counted);
    m_attempts.add(labels, static_cast<double>(result.attempts.size()));
    m_durations.observe(labels, result.took, m_clock.now());
    const Key key{result.engine, result.model};
    if (m_windows.size() >= mostKeys && !m_windows.contains(key))
        return;
    SuccessWindow& window = m_windows[key];
    window.record(result.succeeded);
    m_rate.set(labels, window.rate().value_or(1));
}

std::vector<TaskFigures::Failing> TaskFigures::failing() const {
    std::vector<Failing> all;
    for (const auto& [key, window] : m_windows) {
        if (window.alerting())
            all.push_back({key.first, key.second, window.rate().value_or(1),
                           static_cast<int>(window.count())});
    }
    return all;
}

} // namespace vigie
