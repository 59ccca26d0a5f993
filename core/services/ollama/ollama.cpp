#include "core/services/ollama/ollamaclient.h"
#include "core/services/service.h"
#include "core/services/serviceoptions.h"

#include <algorithm>

namespace vigie {

namespace {

const QString& name() {
    static const QString word = QStringLiteral("ollama");
    return word;
}

/// Says whether the server answers and has the model that is counted on.
class OllamaService final : public Service {
public:
    OllamaService(const ServiceContext& context, OllamaOptions options, QString model)
        : m_client(context.clock, context.client, std::move(options)), m_model(std::move(model)) {}

    Task<Outcome<ServiceFinding>> check(std::stop_token stop) override {
        const auto version = co_await m_client.version(stop);
        if (!version)
            co_return fail(version.error());
        const auto models = co_await m_client.models(stop);
        if (!models)
            co_return fail(models.error());
        // A name without a tag means its "latest".
        const bool isThere = std::ranges::any_of(*models, [this](const OllamaModel& each) {
            return each.name == m_model || each.name == m_model + QStringLiteral(":latest");
        });
        if (!m_model.isEmpty() && !isThere) {
            Failure missing{FailureKind::NotFound, {}, 0, {}, {}, {}};
            missing.code = QStringLiteral("model_not_found");
            missing.message = QStringLiteral("Ollama %1 answers, but has no model \"%2\" (it has "
                                             "%3); get it with: ollama pull %2")
                                  .arg(*version, m_model)
                                  .arg(models->size());
            co_return fail(std::move(missing));
        }
        QString summary =
            QStringLiteral("%1 %2")
                .arg(models->size())
                .arg(models->size() == 1 ? QStringLiteral("model") : QStringLiteral("models"));
        if (!m_model.isEmpty())
            summary += QStringLiteral(", %1 among them").arg(m_model);
        co_return ServiceFinding{*version, summary};
    }
    const Endpoint& endpoint() const override { return m_client.endpoint(); }

private:
    OllamaClient m_client;
    QString m_model;
};

Outcome<std::unique_ptr<Service>> create(const ServiceContext& context) {
    auto checked = commonServiceOptions<OllamaOptions>(name(), context);
    if (!checked)
        return fail(checked.error());
    OllamaOptions options = std::move(*checked);
    return std::make_unique<OllamaService>(context, std::move(options),
                                           context.settings.text(servicePath(name(), "model")));
}

} // namespace

namespace services::ollama {

ServiceDescriptor descriptor() {
    ServiceDescriptor made;
    made.name = name();
    made.summary = QStringLiteral("Ollama: serves language models");
    made.settings = commonServiceSettings(
        name(), QStringLiteral("http://127.0.0.1:11434"),
        QStringLiteral("the bearer token of a proxy in front of Ollama, if any"), 10);
    made.settings.push_back(serviceText(name(), QStringLiteral("model"), {},
                                        QStringLiteral("A model that must be installed; empty: "
                                                       "any")));
    made.create = create;
    return made;
}

} // namespace services::ollama

} // namespace vigie
