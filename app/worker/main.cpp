#include "app/worker/stopsignals.h"
#include "core/base/log.h"
#include "core/base/logcodec.h"
#include "core/base/systemclock.h"
#include "core/config/commandline.h"
#include "core/worker/workerservice.h"

#include <QCoreApplication>
#include <QUrl>

#include <cstdio>

using namespace vigie;

namespace {

std::vector<SettingSpec> logSettings() {
    SettingSpec format;
    format.section = QStringLiteral("log");
    format.key = QStringLiteral("format");
    format.fallback = QStringLiteral("json");
    format.allowed = {QStringLiteral("json"), QStringLiteral("text")};
    format.help = QStringLiteral("How log lines are written on stderr");
    format.flag = QStringLiteral("log-format");
    SettingSpec level = format;
    level.key = QStringLiteral("level");
    level.fallback = QStringLiteral("info");
    level.allowed = {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"),
                     QStringLiteral("error")};
    level.help = QStringLiteral("Least important lines that are written");
    level.flag = QStringLiteral("log-level");
    return {format, level};
}

LogSink stderrSink(const Settings& settings) {
    const auto encode = settings.text(QStringLiteral("log.format")) == QLatin1String("text")
                            ? logLineAsText
                            : logLineAsJson;
    const QString word = settings.text(QStringLiteral("log.level"));
    LogLevel least = LogLevel::Debug;
    for (const LogLevel level :
         {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error})
        if (toString(level) == word)
            least = level;
    return [encode, least](const LogRecord& record) {
        if (record.level < least)
            return;
        const QByteArray line = encode(record);
        std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    };
}

int refuse(const Failure& failure) {
    std::fprintf(stderr, "vigie-worker: %s\n", qUtf8Printable(failure.message));
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    ProgramSpec program;
    program.name = QStringLiteral("vigie-worker");
    program.summary = QStringLiteral(
        "The agent on an instance: registers, beats, reports figures, watches the model server.");
    program.settings = workerSettings();
    for (SettingSpec& spec : logSettings())
        program.settings.push_back(std::move(spec));
    int exitCode = 0;
    const auto line = CommandLine::ofProcess(program, argc, argv, exitCode);
    if (!line)
        return exitCode;

    QCoreApplication app(argc, argv);
    setLogSink(stderrSink(line->settings()));
    auto options = workerServiceOptions(line->settings());
    if (!options)
        return refuse(options.error());
    for (const QString& warning : line->settings().warnings())
        logWarning(QStringLiteral("config"), warning);
    options->worker.agent = agentInfo(QCoreApplication::applicationFilePath());

    SystemClock clock;
    const StopSignals signals([&app] { app.quit(); });
    WorkerService service(clock, std::move(*options));
    const auto url = service.start();
    if (!url)
        return refuse(url.error());
    std::printf("{\"event\":\"listening\",\"url\":\"%s\"}\n", url->toEncoded().constData());
    std::fflush(stdout);
    const int code = app.exec();
    logInfo(QStringLiteral("worker"), QStringLiteral("stopped"));
    return code;
}
