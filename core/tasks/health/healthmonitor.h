#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"

#include <QString>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace vigie {

enum class HealthStatus { Unknown, Healthy, Degraded, Unhealthy };
/// "unknown", "healthy", "degraded", "unhealthy".
QString toString(HealthStatus status);

/// What one check of a component found. A check that answers success false failed, however well it
/// was reached.
struct HealthFinding {
    bool success = false;
    QString message; ///< one sentence: what is wrong, or what was found
};

/// How findings become a status.
struct HealthOptions {
    bool enabled =
        true; ///< false: nothing is checked, and everything is unknown and said to be off
    Duration interval = std::chrono::seconds(30);
    Duration timeout = std::chrono::seconds(10); ///< of one check; slower counts as failed
    double healthyRate = 0.8;                    ///< share of successes from which it is healthy
    double degradedRate = 0.5;                   ///< and from which it is only degraded
    int window = 20;                             ///< checks that count, at least 1
    /// To get better the rate must be so much above the bound that it fell below (or 1): a
    /// component at the edge does not flap.
    double margin = 0.05;
};

/// A component at one moment.
struct ComponentHealth {
    QString name;
    HealthStatus status = HealthStatus::Unknown;
    bool critical = false;
    int checks = 0; ///< in the window
    int successes = 0;
    double successRate() const { return checks ? double(successes) / checks : 0; }
    int consecutiveFailures = 0;
    QString message; ///< of the last check
    Duration latency{};
    std::optional<WallTime> checkedAt, changedAt;
};

struct HealthReport {
    HealthStatus overall = HealthStatus::Unknown;
    std::vector<ComponentHealth> components; ///< by name
};

/// Checks components at an interval and says how well they are. Overall it is unhealthy when a
/// critical component is, degraded when any component is not healthy. Belongs to one thread.
class HealthMonitor {
public:
    using Check = std::function<Task<HealthFinding>(std::stop_token stop)>;
    using Changed = std::function<void(const ComponentHealth& now, HealthStatus before)>;

    HealthMonitor(Clock& clock, HealthOptions options, Changed changed = {});
    ~HealthMonitor();
    HealthMonitor(const HealthMonitor&) = delete;
    HealthMonitor& operator=(const HealthMonitor&) = delete;

    /// Names are unique; a component of that name is replaced. Checked first by start() or the next
    /// interval.
    void add(const QString& name, bool critical, Check check);
    /// Checks everything now and then at every interval.
    void start();
    /// A call elsewhere told something about a component: counts like a check.
    void record(const QString& name, const HealthFinding& finding, Duration latency);
    /// Other thresholds or another interval from now on; what was found so far stays.
    void configure(const HealthOptions& options);

    const HealthOptions& options() const { return m_options; }
    HealthReport report() const;

private:
    struct Component;

    void checkAll();
    Task<> check(std::shared_ptr<Component> component);
    void judge(Component& component);
    static ComponentHealth off(const Component& component);

    Clock& m_clock;
    HealthOptions m_options;
    Changed m_changed;
    std::map<QString, std::shared_ptr<Component>> m_components;
    std::optional<Ticker> m_ticker;
    TaskScope m_scope;
};

/// The status that a success rate means for a component that was `before`.
HealthStatus healthOf(double rate, HealthStatus before, const HealthOptions& options);

} // namespace vigie
