#pragma once

#include "core/orchestrator/controlplane.h"

#include <map>

namespace vigie {

/// Keeps the store from growing for ever: of several orchestrators the one that leads removes what
/// is older than it is to be kept, in small batches, so that nothing else waits for long. Each
/// measures how large the store is.
class StoreKeeper {
public:
    StoreKeeper(ControlPlane& plane, Duration kept) : m_plane(plane), m_kept(kept) {}

    /// To be called every second: a batch, as long as there is more to remove, else every `every`.
    Task<> tick();

    struct Figures {
        StoreSize size; ///< at the newest look; no tables before the first one
        std::map<QString, quint64> removed;
    };
    const Figures& figures() const { return m_figures; }

    static constexpr Duration every = std::chrono::minutes(10);
    static constexpr int removedAtOnce = 500;

private:
    bool clockIsTrusted();
    Task<> measure();
    Task<> remove();

    ControlPlane& m_plane;
    const Duration m_kept;
    Figures m_figures;
    std::optional<MonotonicTime> m_measured, m_removed;
    /// Both clocks at the newest tick, and since when they have run alongside.
    std::optional<MonotonicTime> m_ticked;
    WallTime m_tickedAt{};
    MonotonicTime m_steadySince{};
    bool m_busy = false, m_warned = false;
};

} // namespace vigie
