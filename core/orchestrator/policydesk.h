#pragma once

#include "core/orchestrator/policy.h"

namespace vigie {

/// The policy in force: what is configured, with what people changed over the API. The change is a
/// row of the action log that is in progress as long as it stands, so that it survives a restart
/// and every replica follows it.
class PolicyDesk {
public:
    using Apply = std::function<void(const WatchdogSettings&)>;

    /// `apply` is called for every change, not for the beginning.
    PolicyDesk(ControlPlane& plane, const Settings& configured, Apply apply);

    /// What is configured has changed, for SIGHUP; Invalid, and nothing changed, when the two do
    /// not fit together.
    Outcome<void> configure(const Settings& configured);
    /// Whether configure() would take it.
    Outcome<void> check(const Settings& configured) const;

    /// Takes the place of what was changed before. Invalid, or Storage.
    Task<Outcome<void>> change(QByteArray changes, Asker asker);
    /// What such a change would have made of the recorded past. Invalid, or Storage.
    Task<Outcome<PolicyEffect>> tryOnPast(QByteArray changes);

    /// Follows what another process changed; a policy that can't be read leaves the old one.
    Task<> refresh();

    WatchdogSettings watchdog() const { return readWatchdogSettings(m_effective); }
    QByteArray json() const;    ///< {policy, changes, changed_by, changed_at}
    QByteArray version() const; ///< an ETag, quotes included

private:
    Outcome<Settings> with(const Settings& configured) const;
    void take(Settings effective, QByteArray changes);

    ControlPlane& m_plane;
    Settings m_configured;
    Settings m_effective;
    QByteArray m_changes; ///< empty: none
    std::optional<ActionLog> m_order;
    Apply m_apply;
};

} // namespace vigie
