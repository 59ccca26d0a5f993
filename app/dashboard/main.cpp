#include "app/dashboard/dashboard.h"
#include "app/dashboard/dashboardsettings.h"
#include "app/dashboard/tour.h"
#include "core/base/log.h"
#include "core/base/logcodec.h"
#include "core/base/systemclock.h"
#include "core/config/commandline.h"
#include "core/orchestrator/daemon.h"

#include <QApplication>
#include <QLocale>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cstdio>

using namespace vigie;

namespace {

constexpr int runTimeFailure = 1;
constexpr int usageFailure = 2;

ProgramSpec program() {
    ProgramSpec spec;
    spec.name = QStringLiteral("vigie");
    spec.summary = QStringLiteral(
        "Watches fleets of GPU and LLM instances, says what is wrong and how sure it is, and "
        "repairs on request. Without --source and --demo it watches what was saved in its "
        "Sources dialog.");
    spec.settings = dashboardSettings();
    const auto add = [&spec](const char* name, const char* value, const char* help) {
        spec.switches.push_back(
            {QLatin1String(name), QLatin1String(value), QString::fromUtf8(help), false, {}});
    };
    add("demo", "", "Watch two built-in orchestrators with simulated, lively machines");
    add("tour", "DIR", "Write a PNG of every panel to DIR and exit; needs no display");
    add("size", "WxH", "Size of the window in pixels, such as 1920x1080");
    // Variables of the other programs may stand beside ours.
    for (const SettingSpec& daemonSetting : daemonSettings())
        spec.otherVariables.append(daemonSetting.variable());
    spec.acceptsQtOptions = true;
    return spec;
}

int complain(const QString& sentence, int code) {
    std::fprintf(stderr, "vigie: %s\n", qUtf8Printable(sentence));
    return code;
}

std::optional<QSize> sizeFrom(const QString& text) {
    const QStringList parts = text.split(QLatin1Char('x'));
    bool wide = false, high = false;
    const QSize size(parts.value(0).toInt(&wide), parts.value(1).toInt(&high));
    const bool right = parts.size() == 2 && wide && high && size.width() >= 800 &&
                       size.height() >= 500 && size.width() <= 7680 && size.height() <= 4320;
    return right ? std::optional(size) : std::nullopt;
}

bool hasDisplay() {
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (!qEnvironmentVariableIsEmpty(variable))
            return true;
    return false;
}

bool namesPlatform(int argc, char** argv) {
    for (int i = 1; i < argc; ++i)
        if (QByteArrayView(argv[i]) == "-platform" || QByteArrayView(argv[i]) == "--platform")
            return true;
    return false;
}

void logToStderr(const Settings& settings) {
    const QString word = settings.text(QStringLiteral("log.level"));
    LogLevel least = LogLevel::Debug;
    for (const LogLevel level : {LogLevel::Info, LogLevel::Warning, LogLevel::Error})
        if (word == toString(level))
            least = level;
    setLogSink([least](const LogRecord& record) {
        // What the offscreen platform can't do to a window is of no interest to anybody.
        const bool platform = record.category == QLatin1String("qt") &&
                              record.message.startsWith(QLatin1String("This plugin does not"));
        if (record.level < least || platform)
            return;
        const QByteArray line = logLineAsText(record);
        std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    });
}

QString languageFrom(const QString& wish) {
    if (wish != QLatin1String("auto"))
        return wish;
    return QLocale::system().language() == QLocale::French ? QStringLiteral("fr")
                                                           : QStringLiteral("en");
}

Theme::Mode themeFrom(const QString& wish, const QApplication& application) {
    if (wish == QLatin1String("auto"))
        return application.palette().color(QPalette::Window).lightness() < 128 ? Theme::Mode::Dark
                                                                               : Theme::Mode::Light;
    return wish == QLatin1String("dark") ? Theme::Mode::Dark : Theme::Mode::Light;
}

} // namespace

int main(int argc, char** argv) {
    int exitCode = 0;
    const auto line = CommandLine::ofProcess(program(), argc, argv, exitCode);
    if (!line)
        return exitCode;
    const Settings& settings = line->settings();
    logToStderr(settings);
    for (const QString& warning : settings.warnings())
        logWarning(QStringLiteral("config"), warning);
    const auto sources = namedSources(settings);
    if (!sources)
        return complain(sources.error().message, usageFailure);
    const QString folder = line->value(QStringLiteral("tour"));
    const bool touring = line->has(QStringLiteral("tour"));
    if (touring)
        if (const QString problem = tourFolderProblem(folder); !problem.isEmpty())
            return complain(QStringLiteral("--tour: ") + problem, runTimeFailure);
    Dashboard::Options options;
    if (const QString text = line->value(QStringLiteral("size")); !text.isEmpty()) {
        const auto size = sizeFrom(text);
        if (!size)
            return complain(
                QStringLiteral("--size %1: give WIDTHxHEIGHT, 800x500 to 7680x4320").arg(text),
                usageFailure);
        options.size = *size;
    }
    if (!hasDisplay() && !namesPlatform(argc, argv)) {
        if (!touring)
            return complain(QStringLiteral("there is no display (DISPLAY and WAYLAND_DISPLAY are "
                                           "empty); set one, or use --tour DIR"),
                            runTimeFailure);
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }

    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("vigie"));
    QCoreApplication::setApplicationVersion(QStringLiteral(VIGIE_VERSION));
    options.engine = engineOptions(settings);
    options.engine.sources = *sources;
    options.demo = line->has(QStringLiteral("demo"));
    options.saved = !options.demo && sources->empty() && !touring;
    options.settingsFile = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
                           QStringLiteral("/vigie/vigie.ini");
    options.theme = themeFrom(settings.text(QStringLiteral("ui.theme")), application);
    options.language = languageFrom(settings.text(QStringLiteral("ui.language")));
    SystemClock clock;
    Dashboard dashboard(application, clock, std::move(options));
    dashboard.window().show();
    TaskScope scope;
    if (touring)
        scope.spawn(tour(dashboard, clock, folder, line->has(QStringLiteral("demo")), exitCode,
                         scope.token()));
    const int code = QApplication::exec();
    scope.drain();
    return touring ? exitCode : code;
}
