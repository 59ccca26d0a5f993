#pragma once

#include "core/store/fleetstore.h"

#include <QStringList>

#include <functional>

namespace vigie {

/// What another orchestrator wrote to a store that several share.
struct StoreNews {
    bool everything = false; ///< we were not listening for a while: anything may have changed
    std::vector<InstanceId> instances; ///< written, or heard
    bool logs = false;
    bool tokens = false;
};

/// Several orchestrators on one store. Each joins for a lease; while it has one it writes, and
/// holds claims of names. Whose lease has ended can't commit, and once another orchestrator has
/// noticed (in its own claim()) it never can again under that lease: its claims are free.
///
/// A store that serves one orchestrator at a time grants everything at once, as the defaults do.
class ReplicaStore {
public:
    virtual ~ReplicaStore() = default;
    /// Whether other orchestrators may write at the same time.
    virtual bool shared() const { return false; }
    /// Calls `listener`, on this thread, for what others wrote, soon after they did.
    virtual void follow(std::function<void(StoreNews)> /*listener*/) {}
    /// The instances of these ids, with their volumes; ids that do not exist are left out.
    virtual Task<Outcome<FleetContents>> loadSome(std::vector<InstanceId> ids);

    /// Begins a lease; the fencing token, greater than of any lease before. From now on commit()
    /// fails with Conflict, code "lease_lost", when the lease has ended. The store's clock counts.
    virtual Task<Outcome<qint64>> join(QString name, std::chrono::milliseconds lease);
    /// Conflict, code "lease_lost", when another orchestrator noticed the end of our lease first.
    virtual Task<Outcome<void>> renew(std::chrono::milliseconds lease);
    /// Takes those of `names` that nobody else holds; which ones are ours now. Conflict as above.
    virtual Task<Outcome<QStringList>> claim(QStringList names);
    virtual Task<Outcome<void>> unclaim(QStringList names);
    /// Ends the lease and frees its claims.
    virtual Task<Outcome<void>> leave();
    /// The name under which the holder of a claim joined; empty when it is free.
    virtual Task<Outcome<QString>> holder(QString name);
};

/// Whether a failure says that the lease has ended.
bool isLeaseLost(const Failure& failure);

} // namespace vigie
