#include "app/daemon/signals.h"
#include "core/base/log.h"
#include "core/base/logcodec.h"
#include "core/base/systemclock.h"
#include "core/config/commandline.h"
#include "core/orchestrator/api/access.h"
#include "core/orchestrator/daemon.h"
#include "core/orchestrator/daemon/addtoken.h"
#include "core/orchestrator/daemon/listeningcodec.h"

#include <QCoreApplication>

#include <cstdio>
#include <optional>

using namespace vigie;

namespace {

constexpr int runTimeFailure = 1;
constexpr int usageFailure = 2;

void logToStderr(const Settings& settings) {
    const bool asJson = settings.text(QStringLiteral("log.format")) == QLatin1String("json");
    const QString word = settings.text(QStringLiteral("log.level"));
    LogLevel least = LogLevel::Debug;
    for (const LogLevel level : {LogLevel::Info, LogLevel::Warning, LogLevel::Error}) {
        if (word == toString(level))
            least = level;
    }
    setLogSink([asJson, least](const LogRecord& record) {
        if (record.level < least)
            return;
        const QByteArray line = asJson ? logLineAsJson(record) : logLineAsText(record);
        std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    });
}

int complain(const Failure& failure) {
    QByteArray line = failure.message.toUtf8();
    line.replace('\n', ' ');
    std::fprintf(stderr, "vigied: %s\n", line.constData());
    return failure.kind == FailureKind::Invalid ? usageFailure : runTimeFailure;
}

void say(const QByteArray& line) {
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
    std::fflush(stdout);
}

Task<> run(Daemon& daemon, int& exitCode) {
    const auto listening = co_await daemon.start();
    if (listening) {
        say(encodeListening(*listening));
    } else {
        exitCode = complain(listening.error());
        QCoreApplication::quit();
    }
}

Task<> makeToken(Clock& clock, const Settings& settings, QString wish, int& exitCode) {
    const auto token = co_await addToken(clock, settings, std::move(wish));
    if (token)
        say(token->toUtf8() + '\n');
    else
        exitCode = complain(token.error());
    QCoreApplication::quit();
}

ProgramSpec program() {
    ProgramSpec spec;
    spec.name = QStringLiteral("vigied");
    spec.summary = QStringLiteral("Orchestrates a fleet: takes heartbeats, watches over workers, "
                                  "serves the HTTP contract.");
    spec.settings = daemonSettings();
    spec.switches.push_back(
        {QStringLiteral("add-token"),
         QStringLiteral("NAME:ROLE"),
         QStringLiteral("Make a token (viewer, operator, admin or metrics), print it once, exit"),
         false,
         {}});
    spec.configAliases = {QStringLiteral("policy")};
    return spec;
}

} // namespace

int main(int argc, char** argv) {
    int exitCode = 0;
    const auto line = CommandLine::ofProcess(program(), argc, argv, exitCode);
    if (!line)
        return exitCode;
    logToStderr(line->settings());
    for (const QString& warning : line->settings().warnings())
        logWarning(QStringLiteral("config"), warning);

    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("vigied"));
    SystemClock clock;
    const StopSignals signals_([] { QCoreApplication::quit(); });
    std::optional<Daemon> daemon;
    TaskScope scope;
    // The tasks begin inside the event loop: quit() would be lost before it runs.
    const Timer begin = clock.schedule({}, [&] {
        if (line->has(QStringLiteral("add-token"))) {
            scope.spawn(makeToken(clock, line->settings(), line->value(QStringLiteral("add-token")),
                                  exitCode));
            return;
        }
        daemon.emplace(clock, line->settings());
        scope.spawn(run(*daemon, exitCode));
    });
    QCoreApplication::exec();
    scope.drain();
    daemon.reset();
    return exitCode;
}
