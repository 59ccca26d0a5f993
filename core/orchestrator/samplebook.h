#pragma once

#include "core/base/clock.h"
#include "core/model/activity.h"
#include "core/store/store.h"

#include <QHash>

#include <deque>

namespace vigie {

/// What GPUs and machines did lately, as workers' beats tell it: of each instance a sample at most
/// every ten seconds in memory, for some minutes; in the store its mean of each minute, for as long
/// as StoreKeeper leaves it there.
/// A beat costs a comparison, the store a few writes of many rows a minute.
class SampleBook {
public:
    SampleBook(Clock& clock, Store& store);

    /// Whether a beat taken now is to be noted; `due` is kept with the instance.
    static bool isDue(MonotonicTime& due, MonotonicTime now) {
        if (now < due)
            return false;
        due = now + every;
        return true;
    }
    void note(const InstanceId& id, const Heartbeat& beat);

    /// To be called every second: writes the minutes that are over and forgets what is old.
    Task<> tick();
    /// Writes all that is not written; for the end.
    Task<> flush();

    struct Series {
        InstanceId instanceId;
        std::vector<ActivitySample> samples; ///< oldest first
    };
    /// What was noted after `after`, of one instance or, with an empty id, of all that have any.
    /// Asks the store only for what memory doesn't reach back to, or others may have noted; its
    /// failure is the answer. Invalid beyond `mostRead` rows of the store.
    Task<Outcome<std::vector<Series>>> since(WallTime after, InstanceId id);

    struct Figures {
        quint64 written = 0;  ///< means in the store
        quint64 lost = 0;     ///< means that were dropped while the store was away
        std::size_t held = 0; ///< samples and their GPUs in memory
    };
    Figures figures() const { return {m_written, m_lost, m_held}; }

    static constexpr Duration every = std::chrono::seconds(10);
    static constexpr Duration meanOver = std::chrono::minutes(1);
    static constexpr Duration inMemory = std::chrono::minutes(6);
    static constexpr std::size_t mostHeld = 600'000; ///< tens of MB at most
    static constexpr int mostRead = 100'000;

private:
    struct Recent {
        std::deque<ActivitySample> samples;
        std::size_t unwritten = 0; ///< of them, the newest
        MonotonicTime begun{};     ///< of the first of those
    };
    void gather(bool all);
    void forget();
    void dropUntil(WallTime until);
    Task<> write();
    std::vector<Series> recentSince(WallTime after, const InstanceId& id) const;

    Clock& m_clock;
    Store& m_store;
    QHash<InstanceId, Recent> m_recent;
    std::deque<StoredSample> m_waiting; ///< for the store
    std::size_t m_held = 0;
    WallTime m_reaches; ///< memory has all that was noted here since
    Duration m_reach = inMemory;
    MonotonicTime m_gathered{};
    quint64 m_written = 0, m_lost = 0;
    bool m_writing = false, m_warned = false;
};

} // namespace vigie
