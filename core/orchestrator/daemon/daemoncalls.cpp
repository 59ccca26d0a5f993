#include "core/orchestrator/daemon/daemoncalls.h"

#include "core/base/log.h"
#include "core/errors/errorpolicy.h"

#include <QRandomGenerator>

namespace vigie {

namespace {

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
      m_classifier(std::move(classifier)), m_peers(clock, m_figures) {
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
    m_enabled = parts.enabled;
    m_circuitsOn = parts.enabled && parts.circuitEnabled;
    if (!m_circuitsOn)
        logWarning(QStringLiteral("resilience"),
                   parts.enabled ? QStringLiteral("circuit breakers are switched off by "
                                                  "configuration: every call passes")
                                 : QStringLiteral("the resilience engine is switched off by "
                                                  "configuration: every call passes"));
    m_profiles = std::make_unique<ProfileSource>(profiles);
    m_registry = std::make_unique<Registry>(std::move(profiles), std::move(parts));
    m_watch = std::make_unique<ProfileWatch>(clock, *m_registry,
                                             settings.text(QStringLiteral("resilience.profiles")),
                                             overridesOf(settings));
    m_newest = settings;
    m_watch->onReloaded([this](const ProfileSet& inForce) {
        m_profiles->put(inForce);
        if (m_reloaded)
            m_reloaded(m_newest);
    });
    m_probes = std::make_unique<CallRunner>(clock, open("probes", "probe"));
}

DaemonCalls::~DaemonCalls() = default;

Outcome<void> DaemonCalls::reload(const Settings& settings) {
    // First: those who are told of it look there.
    const Settings before = std::exchange(m_newest, settings);
    auto taken = m_watch->reload(settings.text(QStringLiteral("resilience.profiles")));
    if (!taken)
        m_newest = before;
    return taken;
}

Outcome<void> DaemonCalls::setFaultRules(std::vector<FaultRule> rules) {
    const std::string wrong = m_faults.set(std::move(rules), m_clock.now());
    if (!wrong.empty())
        return fail(FailureKind::Invalid, QString::fromStdString(wrong));
    m_figures.tellFaults(m_faults.active());
    return {};
}

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

StoreCalls DaemonCalls::storeCalls() {
    StoreCalls calls;
    calls.profile = *m_registry->profiles().find("store");
    calls.enabled = m_enabled;
    calls.circuitEnabled = m_circuitsOn;
    calls.listener = &m_peers;
    calls.profiles = m_profiles.get();
    calls.draw = [this](std::string_view key, FaultInjection::Time now) {
        return m_strikesStore ? m_faults.draw(key, now) : std::nullopt;
    };
    return calls;
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
    for (Breaker& each : m_peers.breakers())
        all.push_back(std::move(each));
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
        return m_peers.callsOf(name);
    if (kept == m_lastCalls.end())
        return std::vector<BreakerCall>(); // the store's: they happen on threads of its own
    return kept->second.within(circuit->snapshot(m_clock.now()).options);
}

void DaemonCalls::impose(const BreakerOrder& order, const QString& actor) {
    CircuitBreaker* circuit = circuitOf(order.breaker);
    if (!circuit)
        return m_peers.impose(order, actor);
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
        return m_peers.lift(name, reason, actor);
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
    m_figures.countIn(metrics, m_faults.active());
    for (const auto& pipeline : m_registry->pipelines())
        m_figures.tellZeroes(pipeline->key(), pipeline->circuit() != nullptr);
    for (const Breaker& each : m_peers.breakers())
        m_figures.tellZeroes(each.name.toStdString(), true);
    if (m_storeCircuit)
        m_figures.tellZeroes(m_storeCircuit->name(), true);
}

void DaemonCalls::happened(const CallEvent& event) {
    using Kind = CallEvent::Kind;
    m_figures.note(event);
    const bool moved = event.kind == Kind::CircuitOpened || event.kind == Kind::CircuitClosed ||
                       event.kind == Kind::CircuitHalfOpened || event.kind == Kind::CircuitForced;
    if (!moved)
        return;
    if (const auto view = m_views.find(event.key); view != m_views.end())
        view->second.note(event.at);
    logInfo(QStringLiteral("resilience"),
            QStringLiteral("%1: %2 (%3)")
                .arg(QString::fromUtf8(event.key.data(), qsizetype(event.key.size())),
                     QString::fromLatin1(toString(event.kind)),
                     QString::fromUtf8(event.detail.data(), qsizetype(event.detail.size()))));
}

} // namespace vigie
