#pragma once

#include "core/base/outcome.h"
#include "core/config/settings.h"

#include <functional>
#include <memory>

namespace vigie {

class DaemonCalls;
class DaemonHealth;
class PolicyDesk;
class ServerTls;

/// What of a running daemon takes other settings. All outlive the call.
struct Reloadable {
    DaemonCalls& calls;
    DaemonHealth& health;
    PolicyDesk& policy;
    /// Puts a certificate into force; empty: the daemon speaks plain HTTP.
    std::function<void(std::shared_ptr<ServerTls>)> replaceTls;
};

/// Puts `settings` into force: all of what can change while the daemon runs, or, when any of it is
/// unusable (Invalid), none.
Outcome<void> reload(const Reloadable& parts, const Settings& settings);

/// The keys ("section.key") in which these settings differ and that reload() leaves alone.
QStringList waitingForRestart(const Settings& running, const Settings& read);

} // namespace vigie
