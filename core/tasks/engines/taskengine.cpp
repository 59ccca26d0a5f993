#include "core/tasks/engines/taskengine.h"

#include "core/config/nearestname.h"
#include "core/config/settingvalue.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cmath>

namespace vigie {

Outcome<EngineOptions> EngineOptions::check(const EngineConfig& config,
                                            const std::vector<SettingSpec>& specs) {
    EngineOptions options;
    QStringList known;
    for (const SettingSpec& spec : specs) {
        known.append(spec.key);
        options.m_values.insert(spec.key, spec.fallback);
    }
    for (const auto& [name, text] : config.options) {
        const auto spec = std::ranges::find(specs, name, &SettingSpec::key);
        const QString path = QStringLiteral("engines.%1.%2").arg(config.name, name);
        if (spec == specs.end()) {
            const QString nearest = nearestName(name, known);
            return fail(
                FailureKind::Invalid,
                QStringLiteral("%1: the engine \"%2\" has no such option; %3")
                    .arg(path, config.kind,
                         nearest.isEmpty()
                             ? QStringLiteral("it has: %1").arg(known.join(QLatin1String(", ")))
                             : QStringLiteral("did you mean %1?").arg(nearest)));
        }
        const auto value = settingFromText(*spec, text);
        if (!value)
            return fail(FailureKind::Invalid, QStringLiteral("%1 is \"%2\", but must be %3")
                                                  .arg(path, text.left(80), settingAllowed(*spec)));
        options.m_values.insert(name, *value);
    }
    return options;
}

Duration EngineOptions::seconds(const char* key) const {
    return Duration(std::llround(number(key) * 1e9));
}

Outcome<EngineSet> makeEngines(Clock& clock, const std::vector<EngineConfig>& configs,
                               const std::vector<EngineDescriptor>& kinds,
                               const std::shared_ptr<const ErrorClassifier>& classifier) {
    EngineSet set;
    for (const EngineConfig& config : configs) {
        const auto kind = std::ranges::find(kinds, config.kind, &EngineDescriptor::kind);
        if (kind == kinds.end()) {
            QStringList known;
            for (const EngineDescriptor& each : kinds)
                known.append(each.kind);
            return fail(
                FailureKind::Invalid,
                QStringLiteral("engines.%1.kind is \"%2\", but must be one of %3")
                    .arg(config.name, config.kind.left(80), known.join(QLatin1String(", "))));
        }
        auto options = EngineOptions::check(config, kind->options);
        if (!options)
            return fail(options.error());
        auto engine =
            kind->create(EngineContext{clock, config.name, std::move(*options), classifier});
        if (!engine)
            return fail(engine.error());
        set.emplace(config.name, std::move(*engine));
    }
    return set;
}

Outcome<QUrl> engineUrl(const EngineContext& context, const char* key) {
    const QString text = context.options.text(key);
    QUrl url(text, QUrl::StrictMode);
    const bool isWeb =
        url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty() ||
        url.hasQuery() || url.hasFragment())
        return fail(FailureKind::Invalid,
                    QStringLiteral("engines.%1.%2 is \"%3\", but must be an http or https address "
                                   "with a host and without user, query and fragment, such as "
                                   "http://127.0.0.1:8000")
                        .arg(context.name, QLatin1String(key), text.left(200)));
    return url;
}

Outcome<QString> engineSecret(const EngineContext& context, const char* key) {
    const QString variable = context.options.text(key);
    if (variable.isEmpty())
        return QString();
    QString secret = qEnvironmentVariable(variable.toLocal8Bit().constData()).trimmed();
    if (secret.isEmpty())
        return fail(FailureKind::Invalid,
                    QStringLiteral("engines.%1.%2 names the variable %3, which is not set")
                        .arg(context.name, QLatin1String(key), variable.left(100)));
    return secret;
}

QString enginePeer(const char* kind, const QUrl& url, const QString& model) {
    constexpr qsizetype longest = 200;
    const int fallback = url.scheme() == QLatin1String("https") ? 443 : 80;
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    QString peer = QStringLiteral("%1:%2:%3")
                       .arg(QLatin1String(kind), url.host(), QString::number(url.port(fallback)));
    peer += path;
    if (!model.isEmpty())
        peer += u':' + model;
    peer.replace(u'/', u'~');
    if (peer.size() <= longest)
        return peer;
    const QByteArray hash =
        QCryptographicHash::hash(peer.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return peer.left(longest - hash.size() - 1) + u'#' + QString::fromLatin1(hash);
}

SettingSpec engineOption(const char* key, SettingType type, QVariant fallback, const char* help,
                         std::optional<double> minimum, std::optional<double> maximum) {
    SettingSpec spec;
    spec.key = QString::fromLatin1(key);
    spec.type = type;
    spec.fallback = std::move(fallback);
    spec.help = QString::fromUtf8(help);
    spec.minimum = minimum;
    spec.maximum = maximum;
    return spec;
}

} // namespace vigie
