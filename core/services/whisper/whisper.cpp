#include "core/services/service.h"
#include "core/services/serviceoptions.h"
#include "core/services/whisper/whisperclient.h"

namespace vigie {

namespace {

const QString& name() {
    static const QString word = QStringLiteral("whisper");
    return word;
}

/// Says whether a speech-to-text server is ready.
class WhisperService final : public Service {
public:
    WhisperService(const ServiceContext& context, WhisperOptions options)
        : m_client(context.clock, context.client, std::move(options)) {}

    Task<Outcome<ServiceFinding>> check(std::stop_token stop) override {
        const auto health = co_await m_client.health(std::move(stop));
        if (!health)
            co_return fail(health.error());
        if (health->models)
            co_return ServiceFinding{{}, QStringLiteral("%1 models").arg(*health->models)};
        const QString status = health->status.toLower();
        if (status == QLatin1String("error") || status == QLatin1String("unhealthy")) {
            Failure sick{FailureKind::ServerError, {}, 0, {}, {}, {}};
            sick.code = QStringLiteral("unavailable");
            sick.message = QStringLiteral("The health check answers, but says \"%1\"").arg(status);
            co_return fail(std::move(sick));
        }
        co_return ServiceFinding{
            {},
            status.isEmpty() ? QStringLiteral("answers")
                             : QStringLiteral("says \"%1\"").arg(tamedText(health->status))};
    }
    const Endpoint& endpoint() const override { return m_client.endpoint(); }

private:
    WhisperClient m_client;
};

Outcome<std::unique_ptr<Service>> create(const ServiceContext& context) {
    auto checked = commonServiceOptions<WhisperOptions>(name(), context);
    if (!checked)
        return fail(checked.error());
    WhisperOptions options = std::move(*checked);
    return std::make_unique<WhisperService>(context, std::move(options));
}

} // namespace

namespace services::whisper {

ServiceDescriptor descriptor() {
    ServiceDescriptor made;
    made.name = name();
    made.summary = QStringLiteral("Whisper: speech to text, with OpenAI's interface");
    made.settings = commonServiceSettings(name(), QStringLiteral("http://127.0.0.1:8000"),
                                          QStringLiteral("the bearer token, if one is needed"), 10);
    made.create = create;
    return made;
}

} // namespace services::whisper

} // namespace vigie
