#include "app/daemon/commands/dispatch.h"
#include "app/daemon/servicemanager.h"
#include "app/daemon/signals.h"
#include "app/daemon/stderrlog.h"
#include "core/base/log.h"
#include "core/base/systemclock.h"
#include "core/config/commandline.h"
#include "core/orchestrator/daemon.h"
#include "core/orchestrator/daemon/listeningcodec.h"
#include "core/orchestrator/daemon/reloading.h"

#include <QCoreApplication>

#include <malloc.h>
#include <optional>

using namespace vigie;

namespace {

/// What systemd and the contract give a daemon that was told to stop is 20 s.
constexpr unsigned longestStop = 18;

Task<> run(Daemon& daemon, ServiceManager& manager, int& exitCode) {
    const auto listening = co_await daemon.start();
    if (listening) {
        commands::say(encodeListening(*listening));
        manager.ready("listening on " + listening->url.toEncoded());
    } else {
        exitCode = commands::complain(listening.error());
        QCoreApplication::quit();
    }
}

ProgramSpec program();

/// SIGHUP: what can change while the daemon runs is read again; the rest waits for a restart, and
/// is named. `running`: what it was started with.
void reload(Daemon& daemon, const Settings& running, int argc, char** argv) {
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    const auto line = CommandLine::read(program(), arguments, processEnvironment());
    const auto taken = line ? daemon.reload(line->settings())
                            : Outcome<void>(fail(FailureKind::Invalid, line.error().err.trimmed()));
    const QString config = QStringLiteral("config");
    if (!taken) {
        logError(config, QStringLiteral("nothing was changed: ") + taken.error().message);
        return;
    }
    for (const QString& warning : line->settings().warnings())
        logWarning(config, warning);
    logInfo(config, QStringLiteral("the configuration was read again"));
    const QStringList waiting = waitingForRestart(running, line->settings());
    if (!waiting.isEmpty())
        logWarning(config, QStringLiteral("these keys have changed and wait for a restart: ") +
                               waiting.join(QLatin1String(", ")));
}

ProgramSpec program() {
    ProgramSpec spec;
    spec.name = QStringLiteral("vigied");
    spec.summary = QStringLiteral("Orchestrates a fleet: takes heartbeats, watches over workers, "
                                  "serves the HTTP contract.");
    spec.settings = daemonSettings();
    spec.configAliases = {QStringLiteral("policy")};
    spec.commands = commands::summaries();
    return spec;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto ended = commands::dispatch(argc, argv))
        return *ended;
    // An answer of many megabytes goes back to the system when it is sent. By itself glibc would
    // come to keep pieces of that size in its heap, between small ones that stay.
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    int exitCode = 0;
    const auto line = CommandLine::ofProcess(program(), argc, argv, exitCode);
    if (!line)
        return exitCode;
    logToStderr(line->settings());
    for (const QString& warning : line->settings().warnings())
        logWarning(QStringLiteral("config"), warning);

    // Each event costs less with Qt's own event loop than with glib's, which nothing here needs.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("vigied"));
    SystemClock clock;
    ServiceManager manager(clock);
    std::optional<Daemon> daemon;
    const StopSignals signals_([] { QCoreApplication::quit(); },
                               [&] {
                                   if (daemon)
                                       reload(*daemon, line->settings(), argc, argv);
                               });
    TaskScope scope;
    // The tasks begin inside the event loop: quit() would be lost before it runs.
    const Timer begin = clock.schedule({}, [&] {
        daemon.emplace(clock, line->settings());
        scope.spawn(run(*daemon, manager, exitCode));
    });
    QCoreApplication::exec();
    manager.stopping();
    endWithin(longestStop);
    scope.drain();
    daemon.reset();
    return exitCode;
}
