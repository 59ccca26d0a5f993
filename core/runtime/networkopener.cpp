#include "core/calls/profiles.h"
#include "core/runtime/sourceopener.h"
#include "core/runtime/sourcetest.h"
#include "core/sources/opensource.h"

#include <QSslCertificate>

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

namespace {

Outcome<QSslConfiguration> tlsOf(const SourceConfig& config) {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    if (config.caFile.isEmpty())
        return tls;
    const auto certificates = QSslCertificate::fromPath(config.caFile);
    if (certificates.isEmpty())
        return fail(FailureKind::Invalid,
                    QStringLiteral("The CA file %1 can't be read or holds no PEM certificate.")
                        .arg(config.caFile));
    tls.addCaCertificates(certificates);
    return tls;
}

EndpointOptions resilienceOf(const SourceConfig& config, const EngineOptions& options) {
    EndpointOptions resilience;
    const QString kind = config.kind.isEmpty() ? QStringLiteral("source") : config.kind;
    resilience.name = kind + QLatin1Char(':') + config.name;
    Profile profile = *builtInProfiles().find("source");
    // A source that is back should be seen again within a few of its intervals.
    Duration& openFor = profile.circuit->waitDurationInOpenState;
    openFor = std::clamp<Duration>(5 * config.interval, std::min<Duration>(1s, openFor), openFor);
    resilience.profile = std::make_shared<const Profile>(std::move(profile));
    resilience.resilienceEnabled = options.resilienceEnabled;
    resilience.breakerEnabled = options.breakerEnabled;
    return resilience;
}

/// Opens sources; those without a CA of their own share one client.
class NetworkOpener {
public:
    NetworkOpener(Clock& clock, const EngineOptions& options) : m_clock(clock), m_options(options) {
        m_options.sources.clear(); // secrets are not kept twice
    }

    Outcome<OpenedSource> open(const SourceConfig& config) {
        OpenedSource opened;
        auto tls = tlsOf(config);
        if (!tls)
            return fail(std::move(tls).error());
        if (config.caFile.isEmpty()) {
            if (!m_shared)
                m_shared = std::make_shared<HttpClient>(m_clock);
            opened.client = m_shared;
        } else {
            opened.client = std::make_shared<HttpClient>(m_clock);
            opened.client->setTls(*tls);
        }
        auto source = openSource(sources::registry(), {m_clock, *opened.client, config,
                                                       resilienceOf(config, m_options)});
        if (!source)
            return fail(std::move(source).error());
        opened.source = std::move(*source);
        return opened;
    }

    Clock& clock() { return m_clock; }

private:
    Clock& m_clock;
    EngineOptions m_options;
    std::shared_ptr<HttpClient> m_shared;
};

} // namespace

SourceOpener networkOpener(Clock& clock, const EngineOptions& options) {
    const auto network = std::make_shared<NetworkOpener>(clock, options);
    const auto open = [network](const SourceConfig& config) { return network->open(config); };
    return {open, [network, open](SourceConfig config, std::function<void(QString)> line,
                                  std::stop_token stop) {
                SourceTestTools tools{network->clock(), open, tlsOf};
                return testSource(std::move(tools), std::move(config), std::move(line),
                                  std::move(stop));
            }};
}

SourceConfig completed(SourceConfig config) {
    const QString host = config.url.host();
    const QString place =
        config.url.port() > 0 ? QStringLiteral("%1:%2").arg(host).arg(config.url.port()) : host;
    QString path = config.url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    if (config.id.isEmpty())
        config.id = SourceId(place + path);
    if (config.name.isEmpty())
        config.name = place;
    config.interval = std::max<Duration>(config.interval, 50ms);
    return config;
}

} // namespace vigie
