#pragma once

#include "core/base/clock.h"
#include "core/base/eventual.h"
#include "core/base/task.h"
#include "core/store/store.h"

#include <QHash>

#include <optional>
#include <vector>

namespace vigie {

/// This orchestrator among those that share its store: its lease, whether it leads, what it has
/// claimed. One with a store of its own always leads and may work on everything.
///
/// The leader alone judges and does what the guards count, because a verdict needs the evidence of
/// the whole pool; machines are started and ended by whoever claims the instance. See
/// docs/stores.md.
class Replica {
public:
    Replica(Clock& clock, Store& store) : m_clock(clock), m_store(store) {}
    Replica(const Replica&) = delete;
    Replica& operator=(const Replica&) = delete;

    /// Begins a lease under a name that people see.
    Task<Outcome<void>> join(QString name, std::chrono::milliseconds lease);
    /// Renews the lease and asks for the lead; to be called about four times a lease.
    Task<> tend();
    /// Ends the lease, so that others take over at once.
    Task<> leave();

    /// Whether the lease runs, by our own clock, counted from before it was asked for.
    bool holds() const;
    bool leads() const { return !m_store.shared() || (m_leads && holds()); }
    /// Somebody else noticed the end of our lease and may have taken over our work: everything that
    /// runs must end before a new lease is begun.
    bool lost() const { return m_lost; }

    QString name() const { return m_name; }
    /// Who leads, as far as is known.
    QString leader() const { return leads() ? m_name : m_leader; }

    /// Those of `names` that nobody else works on, now ours until they are given back as often as
    /// they were claimed.
    Task<QStringList> claim(QStringList names);
    Task<> giveBack(QStringList names);

private:
    /// What one part of ours asks for; those that come while the store answers go together.
    struct Wish {
        QStringList names;
        Eventual<QStringList> won;
    };

    Task<> claimAll();
    void note(const Failure& failure);

    Clock& m_clock;
    Store& m_store;
    QString m_name, m_leader;
    std::chrono::milliseconds m_lease{};
    std::optional<MonotonicTime> m_until;
    bool m_joined = false, m_tending = false, m_leads = false, m_lost = false;
    QHash<QString, int> m_held; ///< how many of our own parts hold a name
    std::vector<Wish> m_wishes;
    bool m_claiming = false;
    TaskScope m_scope;
};

} // namespace vigie
