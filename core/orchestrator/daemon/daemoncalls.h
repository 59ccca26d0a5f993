#pragma once

#include "core/calls/callrunner.h"
#include "core/calls/profiles.h"
#include "core/errors/classify.h"
#include "core/http/breakerview.h"
#include "core/orchestrator/breakeroverrides.h"
#include "core/orchestrator/daemon/peercircuits.h"
#include "core/orchestrator/faultcontrol.h"
#include "core/resilience/profilesource.h"
#include "core/store/storecalls.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vigie {

/// Everything the daemon itself calls goes through the pipelines here: its provider and the probes
/// of workers; tasks and services have pipelines of their own, with the breakers from here. Their
/// profiles may change while it runs, and what they do is told at /metrics.
class DaemonCalls final : public CallListener, public BreakerControl, public FaultControl {
public:
    /// Invalid when the profiles or the faults of the settings can't be used.
    static Outcome<std::unique_ptr<DaemonCalls>> make(Clock& clock, const Settings& settings);
    ~DaemonCalls() override;
    DaemonCalls(const DaemonCalls&) = delete;
    DaemonCalls& operator=(const DaemonCalls&) = delete;

    /// The pipeline of what starts machines, under the profile "instance" with the keys of
    /// [circuit_breaker] where they are set.
    std::shared_ptr<Pipeline> provider(const QString& code);
    /// What failures mean, by the rules of the settings.
    const ErrorClassifier& classifier() const { return *m_classifier; }
    /// What the calls of tasks and services share, on whatever thread they are made.
    SharedCalls shared() { return {&m_peers, &m_faults, &m_peers, m_profiles.get()}; }
    /// Probes of all workers together, under the profile "probe".
    CallRunner& probes() { return *m_probes; }

    /// How the store calls its server; opens and closings of its breaker are counted here.
    StoreCalls storeCalls();
    /// From now on faults befall the store too. At its opening they would keep the daemon from
    /// starting, and so from being told to end them.
    void strikeStore() { m_strikesStore = true; }
    /// A pipeline's circuit breaker as people see it.
    Breaker breaker(const Pipeline& pipeline) const;
    /// The breaker of a store's server is shown beside the others; it outlives this.
    void watchStore(CircuitBreaker* circuit);
    /// The breakers of all pipelines that have one.
    std::vector<Breaker> breakers() const;
    /// The calls in a breaker's window; nothing for a name that does not exist.
    std::optional<std::vector<BreakerCall>> callsOf(const QString& name) const;
    bool hasBreaker(const QString& name) const override {
        return circuitOf(name) != nullptr || m_peers.contains(name);
    }
    std::optional<QString> whyFixed(const QString& name) const override;
    void impose(const BreakerOrder& order, const QString& actor) override;
    void lift(const QString& name, const QString& reason, const QString& actor) override;

    std::vector<FaultRule> faultRules() const override { return m_faults.rules(); }
    quint64 faultsInjected() const override { return m_faults.injected(); }
    Outcome<void> setFaultRules(std::vector<FaultRule> rules) override;

    /// Reads the profiles again, for SIGHUP; Invalid, and nothing changed, when they are unusable.
    /// Breakers keep their state. Those who share the calls find them in there.
    Outcome<void> reload(const Settings& settings);
    /// Called when other profiles were put into force, by reload() or for a file that changed, with
    /// the newest settings.
    void onReloaded(std::function<void(const Settings&)> listener) {
        m_reloaded = std::move(listener);
    }

    /// From now on what happens is counted there; it outlives this or is taken back with null.
    void countIn(MetricRegistry* metrics);

private:
    DaemonCalls(Clock& clock, const Settings& settings, ProfileSet profiles,
                std::vector<FaultRule> faults, std::shared_ptr<const ErrorClassifier> classifier);
    void happened(const CallEvent& event) override;
    void circuitSaw(std::string_view key, const CircuitEvent& event) override;
    CircuitBreaker* circuitOf(const QString& name) const;
    std::shared_ptr<Pipeline> open(const std::string& key, const char* profile);

    Clock& m_clock;
    FaultInjection m_faults;
    std::shared_ptr<const ErrorClassifier> m_classifier;
    CallFigures m_figures;
    PeerCircuits m_peers;
    std::map<std::string, BreakerView, std::less<>> m_views;     ///< by key
    std::map<std::string, RecentCalls, std::less<>> m_lastCalls; ///< by key
    bool m_enabled = true;
    bool m_circuitsOn = true; ///< which takes m_enabled
    CircuitBreaker* m_storeCircuit = nullptr;
    std::atomic<bool> m_strikesStore = false;
    std::unique_ptr<ProfileSource> m_profiles; ///< those of the registry
    std::function<void(const Settings&)> m_reloaded;
    Settings m_newest;
    std::unique_ptr<Registry> m_registry;
    std::unique_ptr<ProfileWatch> m_watch;
    std::unique_ptr<CallRunner> m_probes;
};

} // namespace vigie
