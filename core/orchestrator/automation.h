#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/standingorder.h"
#include "core/orchestrator/watchdogsettings.h"
#include "core/watchdog/remediation.h"
#include "core/watchdog/stormbrake.h"

#include <map>

namespace vigie {

/// How full a pool's limits are.
struct PoolBudget {
    QString pool;
    AutomationMode mode = AutomationMode::Observe;
    int size = 0, inRecovery = 0, blastRadius = 0;
};

/// What GET /automation tells.
struct AutomationView {
    AutomationMode mode = AutomationMode::Observe;
    bool recoveryEnabled = true;
    std::vector<PauseReason> pausedBy;
    std::vector<StormBrake::On> brakes;
    QHash<QString, QString> brakeSays; ///< by scope
    int inFlight = 0;                  ///< so many of all pools may be in recovery at once
    struct Guard {
        QString name;
        int blockedNow = 0;  ///< remedies held back in the newest tick
        quint64 blocked = 0; ///< since the start, each remedy once a tick
    };
    /// What the newest tick of the watchdog found.
    struct Tick {
        /// How many of a pool fell silent in a storm that was released, and nothing but the network
        /// says whether they live: they are left alone. Pools without any are not in it.
        QMap<QString, int> silentAfterRelease;
        std::vector<PoolBudget> pools;
        int inRecovery = 0;        ///< of all pools
        std::vector<Guard> guards; ///< all, in the order in which they are asked
    };
    /// Nothing before the first one, and where another orchestrator leads: it knows.
    std::optional<Tick> tick;
    QString leader; ///< whose ticks they are; empty while nobody knows
};

/// Automation's standing orders and memory: mode, pauses, the storm brake, what the guards count.
/// Shared by the worker watchdog, which obeys it, and the API, which shows and changes it.
class Automation {
public:
    Automation(ControlPlane& plane, const QString& providerCode, WatchdogSettings settings);

    /// Other limits; what people ordered and what is remembered stays.
    void reconfigure(WatchdogSettings settings, const QString& providerCode);

    /// Reads the standing orders that are in force; the watchdog does so in each tick. While the
    /// store fails the known ones stay.
    Task<Outcome<void>> refresh();
    /// As refresh(), for one that does not lead: shows what the leader has ordered.
    Task<> follow();

    Task<Outcome<void>> setMode(AutomationMode mode, QString pool, Asker asker);
    Task<Outcome<void>> pause(Asker asker);
    /// Ends every pause, that of a restored store too, and puts a storm brake into its cool-down.
    /// With SilentAre::Dead whoever is silent now is judged one by one again, though many are
    /// silent together.
    Task<Outcome<void>> release(Asker asker,
                                StormBrake::SilentAre silent = StormBrake::SilentAre::Unknown);

    /// One tick: moves the storm brake on and notes it in the action log.
    Task<> tendBrake(std::vector<StormBrake::Member> members, const Storm& storm,
                     StormBrake::Watcher watcher);
    /// One tick: what AutomationView::Tick::silentAfterRelease tells.
    void noteSilentAfterRelease(QMap<QString, int> pools);
    /// One tick: plans, and counts what was held back.
    RemediationPlan plan(const std::vector<GuardedInstance>& instances);
    /// A step of the plan was begun, or in observe mode told.
    void noteStart(const PlannedStep& step);
    /// A person's remedy was begun; it counts for the pace of its pool.
    void noteManualStart(const QString& pool);
    std::optional<MonotonicTime> lastStart(const QString& pool) const;
    /// A recovery in this zone ended.
    void noteEnd(const QString& zone, bool helped);
    /// The provider of this pool can't do this step.
    void noteUnsupported(const QString& pool, RemedyStep step);

    /// Why nothing automatic may be begun in this pool now, with the guard's name; empty when
    /// something may. `pool` empty: for what belongs to no pool.
    QString standsStill(const QString& pool) const;
    AutomationMode modeOf(const QString& pool) const { return m_state.modeOf(pool); }

    AutomationView view() const;
    /// Changes whenever something that a person watches for does.
    QByteArray mark() const;
    const StormBrake& brake() const { return m_brake; }
    const GuardPolicy& policy() const { return m_settings.guards; }

private:
    struct Order {
        StandingOrder order;
        ActionLog row;
    };

    Task<Outcome<void>> give(StandingOrder order, Asker asker);
    Task<Outcome<void>> takeBack(ActionLogId id);
    void restoreBrakes();
    void restorePace();
    Task<> heedReleases(bool first);
    void derive();

    ControlPlane& m_plane;
    WatchdogSettings m_settings;
    AutomationMode m_configuredMode;
    std::vector<Order> m_orders; ///< in force, oldest first
    bool m_read = false;         ///< the orders of before the start are known
    bool m_led = false;          ///< the brake and the pace are our own since then
    ActionLogId m_newestRelease; ///< that was heeded
    GuardState m_state;
    StormBrake m_brake;
    QMap<QString, int> m_silentAfterRelease;
    std::map<QString, AutomationView::Guard> m_guards;
    std::optional<std::vector<PoolBudget>> m_pools; ///< as the newest tick found them
};

} // namespace vigie
