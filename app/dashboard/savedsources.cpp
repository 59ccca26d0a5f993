#include "app/dashboard/savedsources.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"

#include <QFile>
#include <qt6keychain/keychain.h>

#include <algorithm>

namespace vigie {

namespace {

const QString service = QStringLiteral("vigie");

template <typename Job>
Job* keychainJob(const SourceId& id, QObject& context) {
    auto* job = new Job(service, &context);
    job->setKey(id.value());
    job->setInsecureFallback(false);
    job->setAutoDelete(true);
    return job;
}

} // namespace

SavedSources::SavedSources(const QString& file) : m_settings(file, QSettings::IniFormat) {
    const int count = m_settings.beginReadArray(QStringLiteral("sources"));
    for (int i = 0; i < count; ++i) {
        m_settings.setArrayIndex(i);
        const auto text = [this](const char* key) {
            return m_settings.value(QLatin1String(key)).toString();
        };
        SourceConfig source;
        source.id = SourceId(text("id"));
        source.name = text("name");
        source.kind = text("kind");
        source.url = QUrl(text("url"));
        source.email = text("email");
        source.tokenFile = text("token_file");
        source.caFile = text("ca_file");
        const double seconds = m_settings.value(QStringLiteral("interval_seconds"), 2.0).toDouble();
        source.interval = fromSeconds(std::clamp(seconds, 0.2, 3600.0));
        if (!source.id.isEmpty() && source.url.isValid())
            m_sources.push_back(source);
        else
            logWarning(QStringLiteral("sources"),
                       QStringLiteral("%1: source %2 has no usable address and is left out")
                           .arg(m_settings.fileName())
                           .arg(i + 1));
    }
    m_settings.endArray();
}

void SavedSources::write() {
    m_settings.remove(QStringLiteral("sources"));
    m_settings.beginWriteArray(QStringLiteral("sources"), static_cast<int>(m_sources.size()));
    for (int i = 0; i < static_cast<int>(m_sources.size()); ++i) {
        const SourceConfig& source = m_sources[static_cast<size_t>(i)];
        m_settings.setArrayIndex(i);
        const auto set = [this](const char* key, const QString& value) {
            if (!value.isEmpty())
                m_settings.setValue(QLatin1String(key), value);
        };
        set("id", source.id.value());
        set("name", source.name);
        set("kind", source.kind);
        set("url", source.url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo));
        set("email", source.email);
        set("token_file", source.tokenFile);
        set("ca_file", source.caFile);
        m_settings.setValue(QStringLiteral("interval_seconds"), toSeconds(source.interval));
    }
    m_settings.endArray();
    m_settings.sync();
    QFile::setPermissions(m_settings.fileName(), QFile::ReadOwner | QFile::WriteOwner);
    if (m_settings.status() != QSettings::NoError)
        logError(QStringLiteral("sources"),
                 QStringLiteral("%1 could not be written; the sources are kept until Vigie ends")
                     .arg(m_settings.fileName()));
}

void SavedSources::remember(const SourceConfig& source) {
    const auto known = std::find_if(m_sources.begin(), m_sources.end(),
                                    [&](const SourceConfig& each) { return each.id == source.id; });
    if (known == m_sources.end())
        m_sources.push_back(source);
    else
        *known = source;
}

void SavedSources::save(const SourceConfig& source,
                        std::function<void(SecretFate, const QString&)> done) {
    remember(source);
    write();
    if (source.secret.isEmpty()) {
        done(SecretFate::None, {});
        return;
    }
    auto* job = keychainJob<QKeychain::WritePasswordJob>(source.id, m_context);
    job->setTextData(source.secret);
    QObject::connect(job, &QKeychain::Job::finished, &m_context,
                     [done = std::move(done)](QKeychain::Job* finished) {
                         if (finished->error() == QKeychain::NoError)
                             done(SecretFate::Keychain, {});
                         else
                             done(SecretFate::ThisSessionOnly, finished->errorString());
                     });
    job->start();
}

void SavedSources::remove(const SourceId& id) {
    std::erase_if(m_sources, [&](const SourceConfig& each) { return each.id == id; });
    write();
    keychainJob<QKeychain::DeletePasswordJob>(id, m_context)->start();
}

void SavedSources::load(std::function<void(const SourceConfig&)> each) {
    for (const SourceConfig& source : std::vector<SourceConfig>(m_sources)) {
        if (!source.tokenFile.isEmpty()) {
            each(source);
            continue;
        }
        auto* job = keychainJob<QKeychain::ReadPasswordJob>(source.id, m_context);
        QObject::connect(job, &QKeychain::Job::finished, &m_context,
                         [this, each, source](QKeychain::Job* finished) {
                             SourceConfig whole = source;
                             const auto* read = static_cast<QKeychain::ReadPasswordJob*>(finished);
                             if (finished->error() == QKeychain::NoError)
                                 whole.secret = read->textData();
                             remember(whole);
                             each(whole);
                         });
        job->start();
    }
}

} // namespace vigie
