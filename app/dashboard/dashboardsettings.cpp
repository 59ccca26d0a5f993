#include "app/dashboard/dashboardsettings.h"

#include "core/base/timeformat.h"
#include "ui/dialogs/sourcedraft.h"

namespace vigie {

namespace {

SettingSpec spec(const char* section, const char* key, SettingType type, QVariant fallback,
                 const char* help, const char* flag = "") {
    SettingSpec made;
    made.section = QLatin1String(section);
    made.key = QLatin1String(key);
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = QString::fromUtf8(help);
    made.flag = QLatin1String(flag);
    return made;
}

SettingSpec seed(SettingSpec made, const char* variable) {
    made.seedVariable = QLatin1String(variable);
    return made;
}

SettingSpec within(SettingSpec made, double minimum, double maximum) {
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

} // namespace

std::vector<SettingSpec> dashboardSettings() {
    constexpr double day = 86'400;
    SettingSpec theme = spec("ui", "theme", SettingType::Text, QStringLiteral("auto"),
                             "Colours: light, dark, or auto as the desktop has it", "theme");
    theme.allowed = {QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("auto")};
    SettingSpec language = spec("ui", "language", SettingType::Text, QStringLiteral("auto"),
                                "Language: en, fr, or auto as the locale has it", "lang");
    language.allowed = {QStringLiteral("en"), QStringLiteral("fr"), QStringLiteral("auto")};
    SettingSpec password = spec("sources", "password", SettingType::Text, QString(),
                                "Password that belongs to --email; best given as a variable");
    password.secret = true;
    SettingSpec level = spec("log", "level", SettingType::Text, QStringLiteral("warning"),
                             "What is logged to stderr, and what is graver", "log-level");
    level.allowed = {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"),
                     QStringLiteral("error")};
    return {
        theme,
        language,
        level,
        spec("sources", "urls", SettingType::TextList, QStringList(),
             "Address of an orchestrator or metrics endpoint; repeatable; only these are watched",
             "source"),
        spec("sources", "token_files", SettingType::TextList, QStringList(),
             "File with the token: one for all sources, or one for each in their order",
             "token-file"),
        spec("sources", "email", SettingType::Text, QString(),
             "Log in with this e-mail and VIGIE_SOURCES_PASSWORD", "email"),
        password,
        spec("sources", "ca_file", SettingType::Text, QString(),
             "PEM file of an own certificate authority, for all sources", "ca"),
        within(spec("sources", "interval_seconds", SettingType::Seconds, 2.0,
                    "Seconds between two polls of a source", "interval"),
               0.2, 3600),
        within(seed(spec("watchdog", "heartbeat_timeout_seconds", SettingType::Seconds, 300.0,
                         "Seconds of silence after which our own advice calls a worker silent"),
                    "WORKER_HEARTBEAT_TIMEOUT_SECONDS"),
               0.1, day),
        within(seed(spec("recovery", "booting_timeout_seconds", SettingType::Seconds, 7200.0,
                         "Seconds an instance may stay in booting"),
                    "RECOVERY_BOOTING_TIMEOUT_SECONDS"),
               0.1, 30 * day),
        within(seed(spec("recovery", "installing_timeout_seconds", SettingType::Seconds, 3600.0,
                         "Seconds an instance may stay in installing"),
                    "RECOVERY_INSTALLING_TIMEOUT_SECONDS"),
               0.1, 30 * day),
        within(seed(spec("recovery", "starting_timeout_seconds", SettingType::Seconds, 1800.0,
                         "Seconds an instance may stay in starting"),
                    "RECOVERY_STARTING_TIMEOUT_SECONDS"),
               0.1, 30 * day),
        seed(spec("resilience", "enabled", SettingType::Boolean, true,
                  "Retries, time-outs and breakers around polls; false lets calls pass through"),
             "RESILIENCE_ENABLED"),
        seed(spec("circuit_breaker", "enabled", SettingType::Boolean, true,
                  "Circuit breakers around sources; false lets calls pass through"),
             "CIRCUIT_BREAKER_ENABLED"),
    };
}

EngineOptions engineOptions(const Settings& settings) {
    const auto seconds = [&settings](const char* path) {
        return settings.seconds(QLatin1String(path));
    };
    EngineOptions options;
    options.heartbeatThreshold = seconds("watchdog.heartbeat_timeout_seconds");
    options.bootingLimit = seconds("recovery.booting_timeout_seconds");
    options.installingLimit = seconds("recovery.installing_timeout_seconds");
    options.startingLimit = seconds("recovery.starting_timeout_seconds");
    options.resilienceEnabled = settings.boolean(QStringLiteral("resilience.enabled"));
    options.breakerEnabled = settings.boolean(QStringLiteral("circuit_breaker.enabled"));
    return options;
}

Outcome<std::vector<SourceConfig>> namedSources(const Settings& settings) {
    const QStringList urls = settings.textList(QStringLiteral("sources.urls"));
    const QStringList tokens = settings.textList(QStringLiteral("sources.token_files"));
    if (tokens.size() > 1 && tokens.size() != urls.size())
        return fail(FailureKind::Invalid,
                    QStringLiteral("--token-file is given %1 times for %2 sources; give it once, "
                                   "or once for each --source")
                        .arg(tokens.size())
                        .arg(urls.size()));
    std::vector<SourceConfig> sources;
    for (qsizetype i = 0; i < urls.size(); ++i) {
        SourceDraft draft;
        draft.url = urls.at(i);
        draft.caFile = settings.text(QStringLiteral("sources.ca_file"));
        draft.email = settings.text(QStringLiteral("sources.email"));
        draft.intervalSeconds =
            toSeconds(settings.seconds(QStringLiteral("sources.interval_seconds")));
        if (!tokens.isEmpty()) {
            draft.access = SourceDraft::Access::TokenFile;
            draft.tokenFile = tokens.size() == 1 ? tokens.first() : tokens.at(i);
        } else if (!draft.email.isEmpty()) {
            draft.access = SourceDraft::Access::Password;
            draft.password = settings.text(QStringLiteral("sources.password"));
        }
        if (const auto mistakes = draft.mistakes(sources); !mistakes.empty())
            return fail(
                FailureKind::Invalid,
                QStringLiteral("--source %1: %2").arg(urls.at(i), mistakes.front().message));
        sources.push_back(draft.config());
    }
    return sources;
}

} // namespace vigie
