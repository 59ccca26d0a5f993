#pragma once

#include "core/base/outcome.h"
#include "core/config/settings.h"
#include "core/resilience/registry.h"

#include <QString>

#include <functional>
#include <vector>

namespace vigie {

/// The profiles that every program has: production, llm-task, api, database, filesystem,
/// workflow-node, instance, probe, store, source.
const ProfileSet& builtInProfiles();

/// The keys [resilience] profiles and faults.
std::vector<SettingSpec> profileSettings();

/// The built-in profiles with the changes of `path`: a file with a table for each profile, or a
/// folder with a file `<profile>.toml` for each; empty: no changes. Invalid when it can't be read,
/// is longer than 1 MiB, or readProfiles() refuses it.
Outcome<ProfileSet> loadProfiles(const QString& path);

/// The rules of fault injection in a file; an empty path: none. Invalid when it can't be read, is
/// longer than 1 MiB, or readFaultRules() refuses it.
Outcome<std::vector<FaultRule>> loadFaultRules(const QString& path);

/// Keeps the pipelines of a registry under the profiles of a path that may change while the program
/// runs. State survives a change; a file with mistakes changes nothing and is told in the log.
class ProfileWatch {
public:
    using Adjust = std::function<void(ProfileSet&)>;
    using Told = std::function<void(const ProfileSet&)>;

    /// Looks every `interval`. `path` was loaded just before. `adjust` has the last word on what
    /// was read.
    ProfileWatch(Clock& clock, Registry& registry, QString path, Adjust adjust = {},
                 Duration interval = std::chrono::seconds(5));

    /// Puts what is there now into force; also for SIGHUP.
    Outcome<void> reload() { return reload(m_path); }
    /// The same for another path, at which it looks from then on.
    Outcome<void> reload(const QString& path);
    /// Called with what was put into force, from now on.
    void onReloaded(Told told) { m_told = std::move(told); }

private:
    void look();
    QByteArray stamp() const;

    Clock& m_clock;
    Registry& m_registry;
    QString m_path;
    const Adjust m_adjust;
    Told m_told;
    QByteArray m_seen;
    Ticker m_ticker;
};

} // namespace vigie
