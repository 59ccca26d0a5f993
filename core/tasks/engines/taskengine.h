#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/resilience/errorclassifier.h"
#include "core/tasks/plan/executionplan.h"

#include <QHash>
#include <QUrl>
#include <QVariant>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace vigie {

/// One call of an engine.
struct EngineRequest {
    QString model; ///< empty: the engine's own
    QString prompt;
    QString file; ///< to be read; for engines that take files
    QString idempotencyKey;
    Duration timeout = std::chrono::seconds(60); ///< the answer counts for nothing later
};

/// Something that answers prompts. It makes one call for one request: tries, time-outs and breakers
/// are its caller's. Failures are classified: Failure::code is the word of an ErrorClass.
class TaskEngine {
public:
    virtual ~TaskEngine() = default;
    /// Ends soon, with Cancelled, once `stop` is requested.
    virtual Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) = 0;
    /// Who answers tasks of that model, by enginePeer(): engines of other plans that say the same
    /// share its troubles. Empty: nobody but this engine.
    virtual QString peer(const QString& model) const {
        Q_UNUSED(model);
        return {};
    }
};

/// The options of an engine, checked against what its kind declares.
class EngineOptions {
public:
    /// Invalid, naming the engine, the option, its value and what is expected.
    static Outcome<EngineOptions> check(const EngineConfig& config,
                                        const std::vector<SettingSpec>& specs);

    QString text(const char* key) const { return at(key).toString(); }
    int integer(const char* key) const { return at(key).toInt(); }
    double number(const char* key) const { return at(key).toDouble(); }
    bool boolean(const char* key) const { return at(key).toBool(); }
    Duration seconds(const char* key) const;

private:
    QVariant at(const char* key) const { return m_values.value(QLatin1String(key)); }
    QHash<QString, QVariant> m_values;
};

/// What an engine is built from.
struct EngineContext {
    Clock& clock;
    QString name; ///< as the plan calls it
    EngineOptions options;
    std::shared_ptr<const ErrorClassifier> classifier; ///< of failed answers
};

struct EngineDescriptor {
    QString kind; ///< "openai"
    QString summary;
    std::vector<SettingSpec> options;
    std::function<Outcome<std::unique_ptr<TaskEngine>>(const EngineContext&)> create;
};

namespace engines {
/// All kinds of this build; generated from the sub-folders.
std::vector<EngineDescriptor> registry();
} // namespace engines

/// Engines by the name a plan gives them.
using EngineSet = std::map<QString, std::unique_ptr<TaskEngine>>;

/// Makes one engine of every configuration. `kinds`: usually engines::registry().
Outcome<EngineSet> makeEngines(Clock& clock, const std::vector<EngineConfig>& configs,
                               const std::vector<EngineDescriptor>& kinds,
                               const std::shared_ptr<const ErrorClassifier>& classifier =
                                   std::make_shared<const ErrorClassifier>());

/// The option `key` as an http or https address with a host; Invalid for anything else.
Outcome<QUrl> engineUrl(const EngineContext& context, const char* key);
/// The value of the environment variable that the option `key` names; empty when it names none.
/// Invalid when that variable is not set. (Keys are never written into plans.)
Outcome<QString> engineSecret(const EngineContext& context, const char* key);

/// "openai:127.0.0.1:8000~v1:llama-3", without the model where it is empty. A slash is written as
/// ~, for the name is to be one segment of an address; what is longer than 200 characters ends with
/// a hash of it all.
QString enginePeer(const char* kind, const QUrl& url, const QString& model);

/// One option of a kind, for its descriptor.
SettingSpec engineOption(const char* key, SettingType type, QVariant fallback, const char* help,
                         std::optional<double> minimum = {}, std::optional<double> maximum = {});

} // namespace vigie
