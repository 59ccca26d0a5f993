#pragma once

#include "core/base/clock.h"
#include "core/base/eventual.h"
#include "core/base/ids.h"
#include "core/base/task.h"

#include <QSet>

#include <deque>
#include <functional>
#include <optional>

namespace vigie {

/// Work on instances that may take longer than the cycle of the job that found it: a slow provider
/// must not keep a job from looking at the others. At most so many are worked on at once, each by
/// one hand, in the order in which they were found.
class WorkLine {
public:
    /// `work`: on one instance; it looks first whether there still is something to do.
    /// `carryOn`: keeps what outlives a cycle until the daemon stops; empty: the line itself does,
    /// and waits for it when it ends. `patience`: so long a cycle waits for what was handed to it;
    /// what takes longer goes on.
    WorkLine(Clock& clock, int hands, std::function<Task<>(InstanceId, std::stop_token)> work,
             std::function<void(Task<>)> carryOn, Duration patience = std::chrono::seconds(5));

    /// Takes in those that are not in line yet; over when the line is empty or the patience is
    /// used up. Once a stop is requested nothing further is begun.
    Task<> take(std::vector<InstanceId> found, std::stop_token stop);

private:
    Task<> hand(std::stop_token stop);

    Clock& m_clock;
    const int m_hands;
    const std::function<Task<>(InstanceId, std::stop_token)> m_work;
    const std::function<void(Task<>)> m_carryOn;
    const Duration m_patience;
    std::deque<InstanceId> m_waiting;
    QSet<InstanceId> m_known; ///< waiting or worked on
    int m_busy = 0;
    std::optional<Eventual<bool>> m_over; ///< somebody waits for the end of the line
    TaskScope m_scope;
};

} // namespace vigie
