#pragma once

#include "core/config/settings.h"
#include "core/http/endpoint.h"
#include "core/orchestrator/alerting/alertdesk.h"
#include "core/telemetry/metrics.h"

#include <map>
#include <memory>
#include <vector>

namespace vigie {

/// Where alerts are pushed to.
struct AlertPushSettings {
    std::vector<QUrl> alertmanagers; ///< the base of each: API v2 is below it
    QByteArray token;                ///< sent as Bearer; empty: none
    Duration resend = std::chrono::minutes(1);
};

/// [alerts]: alertmanager_urls, alertmanager_token_file, alertmanager_resend_seconds.
std::vector<SettingSpec> alertPushSettings();
/// Invalid for an address that is none, or a token file that can't be read.
Outcome<AlertPushSettings> readAlertPushSettings(const Settings& settings);

/// Tells Alertmanagers what fires: at once when something changed, and again every `resend`, for
/// they forget what is not repeated. An alert that a person silenced here is told as ended. What
/// could not be told is told with the next push. Belongs to the event-loop thread.
class AlertPusher {
public:
    /// All outlive it. `source` is where a person finds this orchestrator.
    struct Parts {
        Clock& clock;
        const AlertDesk& desk;
        HttpClient& http;
        SharedCalls shared;
        QUrl source;
        MetricRegistry* metrics = nullptr; ///< counts the pushes; null: nobody does
    };
    AlertPusher(Parts parts, AlertPushSettings settings);

    void start();
    void stop();
    /// Something began, ended, or was silenced or not any more.
    void changed();

    struct Figures {
        quint64 pushed = 0; ///< answered with success
        quint64 failed = 0; ///< with their repetitions
    };
    const Figures& figures() const { return m_figures; }

    /// An alert that is not repeated for so long is over for an Alertmanager.
    static constexpr int resendsUntilOver = 4;

private:
    struct Target {
        QUrl url;
        std::unique_ptr<Endpoint> endpoint;
        std::map<QString, ToldAlert> told; ///< firing, as it knows; by fingerprint
        bool pushing = false, again = false, failing = false;
    };

    void push(Target& target);
    Task<> pushNow(Target* target, std::stop_token stop);
    std::vector<ToldAlert> newsFor(const Target& target,
                                   const std::map<QString, ToldAlert>& firing) const;
    std::map<QString, ToldAlert> firing() const;

    Parts m_parts;
    AlertPushSettings m_settings;
    std::vector<std::unique_ptr<Target>> m_targets;
    Figures m_figures;
    std::unique_ptr<Ticker> m_ticker;
    TaskScope m_scope; // must be last: what it runs uses the rest
};

} // namespace vigie
