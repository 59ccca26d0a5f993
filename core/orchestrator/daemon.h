#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"

#include <QUrl>

#include <memory>

namespace vigie {

/// Every key `vigied` reads, its own and those of jobs and providers.
std::vector<SettingSpec> daemonSettings();

/// A whole orchestrator: store, provider, HTTP API and watchdog jobs on the calling thread's event
/// loop. `vigied` runs one; `vigie --demo` runs two in its own process.
class Daemon {
public:
    Daemon(Clock& clock, Settings settings);
    /// Stops the jobs, drains the work in hand and closes the store.
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    struct Listening {
        QUrl url;
        QString tokenFile; ///< empty when tokens were defined already
    };
    /// Opens the store, finishes or fails what a crash left half done, listens, starts the jobs.
    Task<Outcome<Listening>> start();

    /// Takes what can change while it runs: TLS files, policy, preset of health checks and tasks,
    /// resilience profiles. Invalid when the settings can't be used. For SIGHUP.
    Outcome<void> reload(const Settings& settings);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
