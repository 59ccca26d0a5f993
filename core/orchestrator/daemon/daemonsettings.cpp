#include "core/calls/profiles.h"
#include "core/errors/errorpolicy.h"
#include "core/orchestrator/alerting/alertpusher.h"
#include "core/orchestrator/daemon.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/providers/provider.h"
#include "core/services/service.h"
#include "core/tasks/workspace/taskworkspace.h"

namespace vigie {

namespace {

SettingSpec spec(const char* section, const char* key, SettingType type, QVariant fallback,
                 const char* help, const char* flag = "") {
    SettingSpec s;
    s.section = QString::fromLatin1(section);
    s.key = QString::fromLatin1(key);
    s.type = type;
    s.fallback = std::move(fallback);
    s.help = QString::fromUtf8(help);
    s.flag = QString::fromLatin1(flag);
    return s;
}

std::vector<SettingSpec> ownSettings() {
    SettingSpec provider = spec("", "provider", SettingType::Text, QStringLiteral("mock"),
                                "What starts machines; mock only pretends to", "provider");
    for (const ProviderDescriptor& each : providers::registry())
        provider.allowed.append(each.code);
    SettingSpec format = spec("log", "format", SettingType::Text, QStringLiteral("json"),
                              "Form of the log on stderr: json, or text for people", "log-format");
    format.allowed = {QStringLiteral("json"), QStringLiteral("text")};
    SettingSpec level = spec("log", "level", SettingType::Text, QStringLiteral("info"),
                             "What is logged, and what is graver", "log-level");
    level.allowed = {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"),
                     QStringLiteral("error")};
    SettingSpec body = spec("server", "max_body_bytes", SettingType::Integer, 1024 * 1024,
                            "Longest request body in bytes; a longer one is answered with 413");
    SettingSpec lease =
        spec("store", "lease_seconds", SettingType::Seconds, 15.0,
             "How long others that share the store wait for this daemon before they "
             "take over; at least twice its longest stall");
    lease.minimum = 1;
    lease.maximum = 300;
    body.minimum = 4096;
    body.maximum = 64 * 1024 * 1024;
    SettingSpec samples = spec("store", "samples_days", SettingType::Integer, 7,
                               "Days for which the store keeps what GPUs and machines did");
    samples.minimum = 1;
    samples.maximum = 400;
    SettingSpec history = spec("store", "history_days", SettingType::Integer, 90,
                               "Days for which the store keeps what happened: the action log, the "
                               "instances' states, the events for the books");
    history.minimum = 31; // [guards] flap_window_seconds looks back thirty days at most
    history.maximum = 3650;
    SettingSpec rate = spec("server", "requests_per_second", SettingType::Integer, 1000,
                            "Calls a second of one token, twice as many at once; over it 429");
    rate.minimum = 1;
    rate.maximum = 1'000'000;
    SettingSpec connections =
        spec("server", "max_connections", SettingType::Integer, 1024,
             "Connections at one time; over it 503. Each open file counts, see LimitNOFILE");
    connections.minimum = 8;
    connections.maximum = 65536;
    return {
        provider,
        spec("server", "listen", SettingType::Text, QStringLiteral("127.0.0.1:8003"),
             "Address and port to listen on; port 0 takes a free one", "listen"),
        spec("server", "insecure_http", SettingType::Boolean, false,
             "Allow listening without TLS on an address that others can reach", "insecure-http"),
        spec("server", "public_url", SettingType::Text, QString(),
             "Address at which workers reach this daemon; empty: where it listens"),
        spec("server", "allowed_hosts", SettingType::TextList, QStringList(),
             "Host headers accepted besides loopback names and the bound address; * for any"),
        spec("server", "allowed_origins", SettingType::TextList, QStringList(),
             "Origins whose pages may call, such as https://ops.example.org"),
        body,
        rate,
        connections,
        spec("server", "tls_certificate", SettingType::Text, QString(),
             "PEM file of the server's certificate and its intermediates: serves HTTPS",
             "tls-certificate"),
        spec("server", "tls_key", SettingType::Text, QString(),
             "PEM file of the certificate's key, without a pass phrase", "tls-key"),
        spec("server", "tls_client_ca", SettingType::Text, QString(),
             "PEM file of authorities; clients must show a certificate of one", "tls-client-ca"),
        spec("store", "url", SettingType::Text, QString(),
             "Where the fleet is kept, sqlite:/path/fleet.db or postgresql://user@host/database; "
             "empty: vigie/fleet.db in the user's data directory",
             "store"),
        lease,
        samples,
        history,
        spec("access", "token_file", SettingType::Text, QString(),
             "File for the admin token made when no token is defined; empty: beside the store"),
        format,
        level,
    };
}

// The seeds' names; those of the breaker set the breakers of the watchdog's guards too.
std::vector<SettingSpec> breakerSettings() {
    SettingSpec resilience = spec("resilience", "enabled", SettingType::Boolean, true,
                                  "False lets every call pass, breakers and all, visibly");
    resilience.seedVariable = QStringLiteral("RESILIENCE_ENABLED");
    SettingSpec enabled = spec("circuit_breaker", "enabled", SettingType::Boolean, true,
                               "False lets calls pass through circuit breakers, visibly");
    enabled.seedVariable = QStringLiteral("CIRCUIT_BREAKER_ENABLED");
    SettingSpec failures = spec("circuit_breaker", "failure_threshold", SettingType::Integer, 5,
                                "Failed provider calls in a row that open the breaker");
    failures.seedVariable = QStringLiteral("CIRCUIT_BREAKER_FAILURE_THRESHOLD");
    failures.minimum = 1;
    failures.maximum = 1000;
    SettingSpec reset =
        spec("circuit_breaker", "reset_timeout_seconds", SettingType::Seconds, 300.0,
             "Seconds an open breaker waits before it lets a trial call pass");
    reset.seedVariable = QStringLiteral("CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS");
    reset.minimum = 0.1;
    reset.maximum = 86400;
    return {resilience, enabled, failures, reset};
}

/// The daemon shares these with `vigied task run` and its like, whose flags they are.
std::vector<SettingSpec> withoutFlags(std::vector<SettingSpec> specs) {
    for (SettingSpec& spec : specs)
        spec.flag.clear();
    return specs;
}

} // namespace

std::vector<SettingSpec> daemonSettings() {
    std::vector<SettingSpec> all = ownSettings();
    const auto append = [&all](std::vector<SettingSpec> more) {
        all.insert(all.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    };
    append(breakerSettings());
    append(errorSettings());
    append(serviceSettings());
    append(withoutFlags(taskSettings()));
    append(profileSettings());
    append(jobSettings());
    append(alertPushSettings());
    for (ProviderDescriptor& each : providers::registry())
        append(std::move(each.settings));
    return all;
}

} // namespace vigie
