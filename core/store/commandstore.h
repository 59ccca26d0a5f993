#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/model/finopsevent.h"
#include "core/model/queuedcommand.h"

#include <chrono>
#include <optional>
#include <vector>

namespace vigie {

/// The durable queue of commands. They come in with a ChangeSet; each is carried out at least once:
/// who took one and dies loses it to another when its lease ends, or to itself at its next start.
///
/// A store that keeps no queue has none waiting, as the defaults do: the jobs look for themselves.
class CommandStore {
public:
    virtual ~CommandStore() = default;
    /// All that are there, oldest first.
    virtual Task<Outcome<std::vector<QueuedCommand>>> commands();
    /// Takes the oldest of these kinds that are due and nobody else has, and tells those taken
    /// before too. Conflict, code "lease_lost", when our lease has ended.
    virtual Task<Outcome<std::vector<QueuedCommand>>> takeCommands(std::vector<CommandKind> kinds,
                                                                   int most);
    /// Ends what was taken: for good, or (`again`) until so long from now, as a failed attempt. One
    /// that was asked anew meanwhile is free again at once. Conflict as above.
    virtual Task<Outcome<void>> settleCommand(QueuedCommand command,
                                              std::optional<std::chrono::milliseconds> again);
};

struct FinopsQuery {
    qint64 after = 0;      ///< numbers greater than this
    InstanceId instanceId; ///< empty: all
    bool newest = false;   ///< the newest ones instead of the first; still oldest first
    int limit = 200;       ///< 1..1000
};

/// What was written for those who keep the books; it comes in with a ChangeSet.
class FinopsStore {
public:
    virtual ~FinopsStore() = default;
    /// By their numbers, ascending. A store that keeps none has none.
    virtual Task<Outcome<std::vector<FinopsEvent>>> finopsEvents(FinopsQuery query);
    /// Of one instance, or (empty) of all that have used any.
    virtual Task<Outcome<std::vector<TokenTotals>>> tokenTotals(InstanceId id);
};

} // namespace vigie
