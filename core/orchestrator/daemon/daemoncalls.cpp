#include "core/orchestrator/daemon/daemoncalls.h"

#include "core/base/log.h"
#include "core/errors/errorpolicy.h"

#include <QRandomGenerator>

namespace vigie {

namespace {

// The counters of seed 001: retryAttempts, operationSuccess and operationFailures, timeouts,
// circuitBreakerOpens, circuitBreakerResets; and what else tells calls apart.
struct Family {
    const char* name;
    const char* help;
};
constexpr Family operations{"vigie_call_operations_total",
                            "Operations of the daemon's own calls, with all their attempts."};
constexpr Family retries{"vigie_call_retry_attempts_total", "Attempts after the first one."};
constexpr Family timeouts{"vigie_call_timeouts_total", "Attempts without an answer in time."};
constexpr Family lateResults{"vigie_call_late_results_total",
                             "Answers that came after their deadline and were thrown away."};
constexpr Family injected{"vigie_call_faults_injected_total", "Faults put into calls on purpose."};
constexpr Family injection{"vigie_fault_injection_active", "1 while faults are put into calls."};
constexpr Family opens{"vigie_circuit_breaker_opens_total", "Openings of a circuit breaker."};
constexpr Family resets{"vigie_circuit_breaker_resets_total", "Closings of a circuit breaker."};

/// What configuration has to say about single keys comes after the files of profiles.
std::function<void(ProfileSet&)> overridesOf(const Settings& settings) {
    const QString threshold = QStringLiteral("circuit_breaker.failure_threshold");
    const QString reset = QStringLiteral("circuit_breaker.reset_timeout_seconds");
    std::optional<int> failures;
    std::optional<Duration> wait;
    if (settings.isSet(threshold))
        failures = settings.integer(threshold);
    if (settings.isSet(reset))
        wait = settings.seconds(reset);
    return [failures, wait](ProfileSet& profiles) {
        Profile profile = *profiles.find("instance");
        if (!profile.circuit)
            return;
        profile.circuit->consecutiveFailures =
            failures.value_or(profile.circuit->consecutiveFailures);
        profile.circuit->waitDurationInOpenState =
            wait.value_or(profile.circuit->waitDurationInOpenState);
        profiles.put(std::move(profile));
    };
}

} // namespace

Outcome<std::unique_ptr<DaemonCalls>> DaemonCalls::make(Clock& clock, const Settings& settings) {
    auto profiles = loadProfiles(settings.text(QStringLiteral("resilience.profiles")));
    if (!profiles)
        return fail(profiles.error());
    overridesOf(settings)(*profiles);
    auto faults = loadFaultRules(settings.text(QStringLiteral("resilience.faults")));
    if (!faults)
        return fail(faults.error());
    auto classifier = errorClassifierFrom(settings);
    if (!classifier)
        return fail(classifier.error());
    return std::unique_ptr<DaemonCalls>(new DaemonCalls(
        clock, settings, std::move(*profiles), std::move(*faults), std::move(*classifier)));
}

DaemonCalls::DaemonCalls(Clock& clock, const Settings& settings, ProfileSet profiles,
                         std::vector<FaultRule> faults,
                         std::shared_ptr<const ErrorClassifier> classifier)
    : m_clock(clock), m_faults(QRandomGenerator::global()->generate64()),
      m_classifier(std::move(classifier)) {
    if (!faults.empty())
        logWarning(QStringLiteral("resilience"),
                   QStringLiteral("fault injection is on: %1 makes calls fail on purpose")
                       .arg(settings.text(QStringLiteral("resilience.faults"))));
    m_faults.set(std::move(faults), clock.now());
    PipelineParts parts;
    parts.listener = this;
    parts.faults = &m_faults;
    parts.traits = [known = m_classifier](ErrorClass errorClass) {
        return known->traits(errorClass);
    };
    parts.enabled = settings.boolean(QStringLiteral("resilience.enabled"));
    parts.circuitEnabled = settings.boolean(QStringLiteral("circuit_breaker.enabled"));
    m_circuitsOn = parts.enabled && parts.circuitEnabled;
    if (!m_circuitsOn)
        logWarning(QStringLiteral("resilience"),
                   parts.enabled ? QStringLiteral("circuit breakers are switched off by "
                                                  "configuration: every call passes")
                                 : QStringLiteral("the resilience engine is switched off by "
                                                  "configuration: every call passes"));
    m_registry = std::make_unique<Registry>(std::move(profiles), std::move(parts));
    m_watch = std::make_unique<ProfileWatch>(clock, *m_registry,
                                             settings.text(QStringLiteral("resilience.profiles")),
                                             overridesOf(settings));
    m_probes = std::make_unique<CallRunner>(clock, open("probes", "probe"));
}

DaemonCalls::~DaemonCalls() = default;

std::shared_ptr<Pipeline> DaemonCalls::open(const std::string& key, const char* profile) {
    m_views.try_emplace(key, m_clock);
    m_lastCalls.try_emplace(key, m_clock);
    auto opened = m_registry->open(key, profile, m_clock.now());
    if (!opened)
        qFatal("%s", opened.error().message.c_str()); // key and profile are ours
    return opened.value();
}

std::shared_ptr<Pipeline> DaemonCalls::provider(const QString& code) {
    return open("provider:" + code.toStdString(), "instance");
}

Breaker DaemonCalls::breaker(const Pipeline& pipeline) const {
    const auto view = m_views.find(pipeline.key());
    if (!pipeline.circuit() || view == m_views.end()) {
        Breaker none;
        none.name = QString::fromStdString(pipeline.key());
        none.computed = none.effective = BreakerMode::Disabled;
        return none;
    }
    return view->second.of(pipeline.circuit()->snapshot(m_clock.now()));
}

std::vector<Breaker> DaemonCalls::breakers() const {
    std::vector<Breaker> all;
    for (const auto& pipeline : m_registry->pipelines()) {
        if (pipeline->circuit())
            all.push_back(breaker(*pipeline));
    }
    if (m_storeCircuit)
        all.push_back(
            m_views.at(m_storeCircuit->name()).of(m_storeCircuit->snapshot(m_clock.now())));
    return all;
}

void DaemonCalls::watchStore(CircuitBreaker* circuit) {
    m_storeCircuit = circuit;
    if (circuit)
        m_views.try_emplace(circuit->name(), m_clock);
}

std::optional<QString> DaemonCalls::whyFixed(const QString& name) const {
    if (!m_storeCircuit || circuitOf(name) != m_storeCircuit)
        return std::nullopt;
    return QStringLiteral("the circuit breaker %1 can't be overridden: the order would be kept in "
                          "that very store, and be out of reach when it is to be taken back")
        .arg(name);
}

CircuitBreaker* DaemonCalls::circuitOf(const QString& name) const {
    if (m_storeCircuit && name.toStdString() == m_storeCircuit->name())
        return m_storeCircuit;
    const Pipeline* pipeline = m_registry->find(name.toStdString());
    return pipeline ? pipeline->circuit() : nullptr;
}

std::optional<std::vector<BreakerCall>> DaemonCalls::callsOf(const QString& name) const {
    const CircuitBreaker* circuit = circuitOf(name);
    const auto kept = m_lastCalls.find(name.toStdString());
    if (!circuit)
        return std::nullopt;
    if (kept == m_lastCalls.end())
        return std::vector<BreakerCall>(); // the store's: they happen on threads of its own
    return kept->second.within(circuit->snapshot(m_clock.now()).options);
}

void DaemonCalls::impose(const BreakerOrder& order, const QString& actor) {
    CircuitBreaker* circuit = circuitOf(order.breaker);
    if (!circuit)
        return;
    const MonotonicTime now = m_clock.now();
    std::optional<MonotonicTime> until;
    if (order.until)
        until = now + (*order.until - m_clock.wallNow());
    circuit->force(toCircuitMode(order.state), now, order.reason.toStdString(), actor.toStdString(),
                   until);
}

void DaemonCalls::lift(const QString& name, const QString& reason, const QString& actor) {
    CircuitBreaker* circuit = circuitOf(name);
    if (!circuit)
        return;
    const MonotonicTime now = m_clock.now();
    if (m_circuitsOn)
        circuit->release(now, reason.toStdString(), actor.toStdString());
    else
        circuit->force(CircuitMode::Disabled, now, "switched off by configuration");
}

void DaemonCalls::circuitSaw(std::string_view key, const CircuitEvent& event) {
    if (const auto kept = m_lastCalls.find(key); kept != m_lastCalls.end())
        kept->second.note(event);
}

void DaemonCalls::countIn(MetricRegistry* metrics) {
    m_metrics = metrics;
    if (!metrics)
        return;
    metrics->gauges(injection.name, injection.help).set(m_faults.active() ? 1 : 0);
    for (const auto& pipeline : m_registry->pipelines())
        tellZeroes(pipeline->key());
}

/// A counter that is not there yet can't be told from one that nobody has.
void DaemonCalls::tellZeroes(const std::string& key) {
    for (const char* outcome : {"success", "failure"})
        m_metrics->counters(operations.name, operations.help)
            .add({{"key", key}, {"outcome", outcome}}, 0);
    for (const Family& family : {retries, timeouts, lateResults, injected})
        m_metrics->counters(family.name, family.help).add({{"key", key}}, 0);
    if (!m_registry->find(key)->circuit())
        return;
    for (const Family& family : {opens, resets})
        m_metrics->counters(family.name, family.help).add({{"name", key}}, 0);
}

void DaemonCalls::happened(const CallEvent& event) {
    using Kind = CallEvent::Kind;
    const std::string key(event.key);
    const auto count = [&](const Family& family, MetricLabels labels) {
        if (m_metrics)
            m_metrics->counters(family.name, family.help).add(labels);
    };
    switch (event.kind) {
    case Kind::Success:
        return count(operations, {{"key", key}, {"outcome", "success"}});
    case Kind::Failure:
        return count(operations, {{"key", key}, {"outcome", "failure"}});
    case Kind::Retry:
        return count(retries, {{"key", key}});
    case Kind::Timeout:
        return count(timeouts, {{"key", key}});
    case Kind::LateResult:
        return count(lateResults, {{"key", key}});
    case Kind::FaultInjected:
        return count(injected, {{"key", key}});
    case Kind::CircuitOpened:
        count(opens, {{"name", key}});
        break;
    case Kind::CircuitClosed:
        count(resets, {{"name", key}});
        break;
    case Kind::CircuitHalfOpened:
    case Kind::CircuitForced:
        break;
    default:
        return;
    }
    if (const auto view = m_views.find(key); view != m_views.end())
        view->second.note(event.at);
    logInfo(QStringLiteral("resilience"),
            QStringLiteral("%1: %2 (%3)")
                .arg(QString::fromStdString(key), QString::fromLatin1(toString(event.kind)),
                     QString::fromUtf8(event.detail.data(), qsizetype(event.detail.size()))));
}

} // namespace vigie
