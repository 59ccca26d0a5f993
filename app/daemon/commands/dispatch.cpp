#include "app/daemon/commands/dispatch.h"

#include "app/daemon/signals.h"
#include "app/daemon/stderrlog.h"
#include "core/base/log.h"
#include "core/base/systemclock.h"
#include "core/config/nearestname.h"
#include "core/orchestrator/daemon.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

namespace vigie::commands {

namespace {

ProgramSpec specOf(const Command& command) {
    ProgramSpec spec;
    spec.name = QStringLiteral("vigied ") + command.words.join(u' ');
    spec.summary = command.summary;
    spec.operands = command.operands;
    spec.switches = command.switches;
    spec.configAliases = {QStringLiteral("policy")};
    for (SettingSpec& setting : daemonSettings()) {
        // The command may know a key of the daemon better: with a flag.
        if (std::ranges::find(command.settings, setting.path(), &SettingSpec::path) !=
            command.settings.end())
            continue;
        if (!command.sections.contains(setting.section))
            setting.flag.clear();
        // Somebody at a shell reads this log, and standard output is the answer.
        if (setting.path() == QLatin1String("log.format"))
            setting.fallback = QStringLiteral("text");
        if (setting.path() == QLatin1String("log.level"))
            setting.fallback = QStringLiteral("warning");
        spec.settings.push_back(std::move(setting));
    }
    spec.settings.insert(spec.settings.end(), command.settings.begin(), command.settings.end());
    return spec;
}

Task<> runToEnd(const Command& command, Context context, int& exitCode) {
    exitCode = co_await command.run(std::move(context));
    QCoreApplication::quit();
}

int run(const Command& command, QStringList arguments, int argc, char** argv) {
    const auto line = CommandLine::read(specOf(command), arguments, processEnvironment());
    if (!line) {
        std::fputs(line.error().out.toLocal8Bit().constData(), stdout);
        std::fputs(line.error().err.toLocal8Bit().constData(), stderr);
        return line.error().code;
    }
    logToStderr(line->settings());
    for (const QString& warning : line->settings().warnings())
        logWarning(QStringLiteral("config"), warning);

    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("vigied"));
    SystemClock clock;
    int exitCode = success;
    TaskScope scope;
    std::function<void()> hungUp;
    const StopSignals signals_([&scope] { scope.requestStop(); },
                               [&hungUp] {
                                   if (const auto act = hungUp) // it may replace itself
                                       act();
                               });
    const auto reread = [&command, &arguments]() -> Outcome<Settings> {
        const auto again = CommandLine::read(specOf(command), arguments, processEnvironment());
        if (again)
            return again->settings();
        return fail(FailureKind::Invalid, again.error().err.trimmed());
    };
    // Begins inside the event loop: quit() would be lost before it runs.
    const Timer begin = clock.schedule({}, [&] {
        Context context{clock, *line, scope.token(), reread,
                        [&hungUp](std::function<void()> act) { hungUp = std::move(act); }};
        scope.spawn(runToEnd(command, std::move(context), exitCode));
    });
    QCoreApplication::exec();
    scope.drain();
    return exitCode;
}

/// All commands that begin with these words.
std::vector<Command> beginningWith(const QStringList& words) {
    std::vector<Command> found = all();
    std::erase_if(found, [&words](const Command& command) {
        return command.words.mid(0, words.size()) != words;
    });
    return found;
}

/// `known` are the words given that mean something; the next one (`wrong`) is missing or unknown.
int refuse(const QStringList& known, const QString& wrong) {
    QStringList next;
    for (const Command& command : beginningWith(known))
        next.append(command.words.value(known.size()));
    next.removeDuplicates();
    const QString group = (QStringList{QStringLiteral("vigied")} + known).join(u' ');
    QString message;
    if (wrong.isEmpty()) {
        message = QStringLiteral("%1 needs one of: %2").arg(group, next.join(QLatin1String(", ")));
    } else {
        const QString nearest = nearestName(wrong, next);
        message = QStringLiteral("%1: unknown command '%2'; %3")
                      .arg(group, wrong,
                           nearest.isEmpty()
                               ? QStringLiteral("there are: %1").arg(next.join(QLatin1String(", ")))
                               : QStringLiteral("did you mean '%1'?").arg(nearest));
    }
    std::fprintf(stderr, "%s\n", qUtf8Printable(message));
    return usageFailure;
}

int listGroup(const QStringList& words) {
    QString out = QStringLiteral("Commands (each has its own --help)\n");
    for (const Command& command : beginningWith(words))
        out += QStringLiteral("  vigied %1  %2\n")
                   .arg(command.words.join(u' '), -24)
                   .arg(command.summary);
    std::fputs(qUtf8Printable(out), stdout);
    return success;
}

} // namespace

std::optional<int> dispatch(int argc, char** argv) {
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    if (arguments.isEmpty() || arguments.first().startsWith(u'-'))
        return std::nullopt;

    QStringList words;
    while (!arguments.isEmpty() && !arguments.first().startsWith(u'-')) {
        const std::vector<Command> found = beginningWith(words + arguments.mid(0, 1));
        if (found.empty())
            return refuse(words, arguments.first());
        words.append(arguments.takeFirst());
        if (found.size() == 1 && found.front().words == words)
            return run(found.front(), arguments, argc, argv);
    }
    const bool asksForHelp =
        arguments.contains(QLatin1String("--help")) || arguments.contains(QLatin1String("-h"));
    return asksForHelp ? listGroup(words) : refuse(words, {});
}

std::vector<CommandSummary> summaries() {
    std::vector<CommandSummary> list;
    for (const Command& command : all())
        list.push_back({command.words.join(u' '), command.summary});
    return list;
}

void say(const QByteArray& text) {
    std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stdout);
    std::fflush(stdout);
}

void warnOfFaults(const QString& file) {
    std::fprintf(stderr, "vigied: fault injection is on: %s makes calls fail on purpose\n",
                 qUtf8Printable(file));
}

int complain(const Failure& failure) {
    QByteArray line = failure.message.toUtf8();
    line.replace('\n', ' ');
    std::fprintf(stderr, "vigied: %s\n", line.constData());
    return failure.kind == FailureKind::Invalid || failure.kind == FailureKind::NotFound
               ? usageFailure
               : runTimeFailure;
}

} // namespace vigie::commands
