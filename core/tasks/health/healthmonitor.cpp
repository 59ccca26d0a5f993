#include "core/tasks/health/healthmonitor.h"

#include "core/base/eventual.h"

#include <algorithm>

namespace vigie {

QString toString(HealthStatus status) {
    switch (status) {
    case HealthStatus::Unknown:
        return QStringLiteral("unknown");
    case HealthStatus::Healthy:
        return QStringLiteral("healthy");
    case HealthStatus::Degraded:
        return QStringLiteral("degraded");
    case HealthStatus::Unhealthy:
        break;
    }
    return QStringLiteral("unhealthy");
}

HealthStatus healthOf(double rate, HealthStatus before, const HealthOptions& options) {
    constexpr double rounding = 1e-9; // 0.8 + 0.05 is a little more than 0.85
    const auto reached = [rate, &options](double bound, bool fellBelow) {
        return rate + rounding >= (fellBelow ? std::min(bound + options.margin, 1.0) : bound);
    };
    const bool wasBelowHealthy =
        before == HealthStatus::Degraded || before == HealthStatus::Unhealthy;
    if (reached(options.healthyRate, wasBelowHealthy))
        return HealthStatus::Healthy;
    if (reached(options.degradedRate, before == HealthStatus::Unhealthy))
        return HealthStatus::Degraded;
    return HealthStatus::Unhealthy;
}

struct HealthMonitor::Component {
    ComponentHealth health;
    Check check;
    std::deque<bool> window;
    bool running = false;
};

HealthMonitor::HealthMonitor(Clock& clock, HealthOptions options, Changed changed)
    : m_clock(clock), m_options(options), m_changed(std::move(changed)) {}

HealthMonitor::~HealthMonitor() = default;

void HealthMonitor::add(const QString& name, bool critical, Check check) {
    auto component = std::make_shared<Component>();
    component->health.name = name;
    component->health.critical = critical;
    component->check = std::move(check);
    m_components.insert_or_assign(name, std::move(component));
}

void HealthMonitor::start() {
    checkAll();
    m_ticker.emplace(m_clock, m_options.interval, [this] { checkAll(); });
}

void HealthMonitor::checkAll() {
    if (!m_options.enabled)
        return;
    const auto components = m_components; // a check may add one
    for (const auto& [name, component] : components) {
        if (component->check && !component->running)
            m_scope.spawn(check(component));
    }
}

Task<> HealthMonitor::check(std::shared_ptr<Component> component) {
    component->running = true;
    const MonotonicTime begin = m_clock.now();
    std::stop_source stop;
    const std::stop_callback passOn(m_scope.token(), [&stop] { stop.request_stop(); });
    Eventual<HealthFinding> found;
    const Timer deadline = m_clock.schedule(m_options.timeout, [found] {
        found.resolve({false, QStringLiteral("no answer in time")});
    });
    const auto ask = [](Task<HealthFinding> checking, Eventual<HealthFinding> result) -> Task<> {
        HealthFinding finding = co_await checking;
        result.resolve(std::move(finding));
    };
    m_scope.spawn(ask(component->check(stop.get_token()), found));
    const HealthFinding finding = co_await found;
    stop.request_stop();
    component->running = false;
    const auto now = m_components.find(component->health.name);
    if (!m_scope.token().stop_requested() && now != m_components.end() && now->second == component)
        record(component->health.name, finding, m_clock.now() - begin);
}

void HealthMonitor::record(const QString& name, const HealthFinding& finding, Duration latency) {
    const auto there = m_components.find(name);
    if (there == m_components.end() || !m_options.enabled)
        return;
    Component& component = *there->second;
    component.window.push_back(finding.success);
    ComponentHealth& health = component.health;
    health.consecutiveFailures = finding.success ? 0 : health.consecutiveFailures + 1;
    health.message = finding.message;
    health.latency = latency;
    health.checkedAt = m_clock.wallNow();
    judge(component);
    if (finding.success && health.status != HealthStatus::Healthy)
        health.message += QStringLiteral("; %1 of its last %2 checks failed")
                              .arg(std::ranges::count(component.window, false))
                              .arg(component.window.size());
}

ComponentHealth HealthMonitor::off(const Component& component) {
    ComponentHealth health;
    health.name = component.health.name;
    health.critical = component.health.critical;
    health.message = QStringLiteral("not checked: health checks are switched off by the preset");
    return health;
}

void HealthMonitor::judge(Component& component) {
    while (static_cast<int>(component.window.size()) > std::max(m_options.window, 1))
        component.window.pop_front();
    if (component.window.empty())
        return;
    ComponentHealth& health = component.health;
    health.checks = static_cast<int>(component.window.size());
    health.successes = static_cast<int>(std::ranges::count(component.window, true));
    const HealthStatus before = health.status;
    health.status = healthOf(health.successRate(), before, m_options);
    if (health.status == before)
        return;
    health.changedAt = m_clock.wallNow();
    if (m_changed)
        m_changed(ComponentHealth(health), before);
}

void HealthMonitor::configure(const HealthOptions& options) {
    const bool rearm = options.interval != m_options.interval && m_ticker;
    const bool switchedOn = options.enabled && !m_options.enabled && m_ticker;
    m_options = options;
    if (rearm)
        m_ticker.emplace(m_clock, m_options.interval, [this] { checkAll(); });
    for (const auto& [name, component] : m_components) {
        if (m_options.enabled)
            judge(*component);
    }
    if (switchedOn)
        checkAll();
}

HealthReport HealthMonitor::report() const {
    HealthReport report;
    bool allHealthy = !m_components.empty();
    bool criticalDown = false;
    bool anyKnown = false;
    for (const auto& [name, component] : m_components) {
        const ComponentHealth& health =
            report.components.emplace_back(m_options.enabled ? component->health : off(*component));
        anyKnown = anyKnown || health.status != HealthStatus::Unknown;
        allHealthy = allHealthy && (health.status == HealthStatus::Healthy ||
                                    health.status == HealthStatus::Unknown);
        criticalDown =
            criticalDown || (health.critical && health.status == HealthStatus::Unhealthy);
    }
    report.overall = !anyKnown      ? HealthStatus::Unknown
                     : criticalDown ? HealthStatus::Unhealthy
                     : allHealthy   ? HealthStatus::Healthy
                                    : HealthStatus::Degraded;
    return report;
}

} // namespace vigie
