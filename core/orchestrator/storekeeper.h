#pragma once

#include "core/config/settings.h"
#include "core/orchestrator/controlplane.h"

#include <map>

namespace vigie {

/// Keeps the store from growing for ever: of several orchestrators the one that leads removes what
/// is older than it is to be kept, in small batches, so that nothing else waits for long. Each
/// measures how large the store is.
class StoreKeeper {
public:
    /// For how long.
    struct Kept {
        Duration history = std::chrono::hours(24 * 90);
        Duration samples = std::chrono::hours(24 * 7); ///< what GPUs and machines did
    };
    /// Of `store.history_days` and `store.samples_days`.
    static Kept keptBy(const Settings& settings);
    StoreKeeper(ControlPlane& plane, Kept kept) : m_plane(plane), m_kept(kept) {}

    /// To be called every second: a batch, as long as there is more to remove, else every `every`.
    Task<> tick();

    struct Figures {
        StoreSize size; ///< at the newest look; no tables before the first one
        std::map<QString, quint64> removed;
    };
    const Figures& figures() const { return m_figures; }

    static constexpr Duration every = std::chrono::minutes(10);
    static constexpr int removedAtOnce = 500; ///< of a table
    static constexpr int samplesAtOnce = 5'000;

private:
    bool clockIsTrusted();
    Task<> measure();
    Task<> remove();
    Task<Outcome<bool>> removeBatch();
    void count(const QString& table, qint64 rows);

    ControlPlane& m_plane;
    const Kept m_kept;
    Figures m_figures;
    std::optional<MonotonicTime> m_measured, m_removed;
    /// Both clocks at the newest tick, and since when they have run alongside.
    std::optional<MonotonicTime> m_ticked;
    WallTime m_tickedAt{};
    MonotonicTime m_steadySince{};
    bool m_busy = false, m_warned = false;
};

} // namespace vigie
