#include "core/calls/profilecodec.h"

#include "core/base/timeformat.h"
#include "core/calls/profilefields.h"
#include "core/config/nearestname.h"
#include "core/config/settingvalue.h"
#include "core/config/tomlcodec.h"

#include <map>

namespace vigie {

namespace {

const QString modelSection = QStringLiteral("model_timeouts.");
const QString weightSection = QStringLiteral("circuit_breaker.error_weights.");
const QString orderKey = QStringLiteral("order");
const QString ignoredKey = QStringLiteral("circuit_breaker.ignored_errors");
const QString fallbackKey = QStringLiteral("fallback.only");

const QString classList = QStringLiteral("a list of error classes, such as rate_limited");

/// A list of words as what they stand for, or nothing when `value` is another thing or holds a word
/// that stands for nothing.
template <class Value>
std::optional<std::vector<Value>> listOf(const QVariant& value,
                                         std::optional<Value> (*fromWord)(std::string_view)) {
    if (value.typeId() != QMetaType::QStringList)
        return std::nullopt;
    std::vector<Value> all;
    for (const QString& word : value.toStringList()) {
        const auto known = fromWord(word.toStdString());
        if (!known)
            return std::nullopt;
        all.push_back(*known);
    }
    return all;
}

QString unquoted(const QString& key) {
    if (key.size() >= 2 && key.startsWith(u'"') && key.endsWith(u'"')) {
        QString plain = key.mid(1, key.size() - 2);
        return plain.replace(QLatin1String("\\\""), QLatin1String("\""))
            .replace(QLatin1String("\\\\"), QLatin1String("\\"));
    }
    return key;
}

/// Applies the entries of one profile and gathers what is wrong with them.
class Reader {
public:
    Reader(QString file, Profile base) : m_file(std::move(file)), m_profile(std::move(base)) {}

    void take(const TomlEntry& entry, const QString& path) {
        if (path == orderKey)
            return takeOrder(entry);
        if (path == ignoredKey)
            return takeIgnored(entry);
        if (path == fallbackKey)
            return takeFallback(entry);
        if (path.startsWith(modelSection))
            return takeModel(entry, unquoted(path.mid(modelSection.size())));
        if (path.startsWith(weightSection))
            return takeWeight(entry, path.mid(weightSection.size()));
        QStringList known{orderKey, ignoredKey, fallbackKey, modelSection + QStringLiteral("NAME"),
                          weightSection + QStringLiteral("CLASS")};
        for (const ProfileField& field : profileFields()) {
            if (field.spec.path() == path)
                return takeField(entry, field);
            known.append(field.spec.path());
        }
        const QString nearest = nearestName(path, known);
        complain(entry,
                 nearest.isEmpty()
                     ? QStringLiteral("there is no such key")
                     : QStringLiteral("there is no such key; did you mean %1?").arg(nearest));
    }

    /// After the last entry.
    Profile finish(QStringList& mistakes) {
        if (m_mistakes.isEmpty()) {
            const std::string wrong = m_profile.problem();
            if (!wrong.empty())
                m_mistakes.append(QStringLiteral("%1: profile %2: %3")
                                      .arg(m_file, QString::fromStdString(m_profile.name),
                                           QString::fromStdString(wrong)));
        }
        mistakes += m_mistakes;
        return std::move(m_profile);
    }

private:
    void takeField(const TomlEntry& entry, const ProfileField& field) {
        if (const auto value = settingFromValue(field.spec, entry.value))
            field.set(m_profile, *value);
        else
            complain(entry, QStringLiteral("is %1, but must be %2")
                                .arg(entry.shown, settingAllowed(field.spec)));
    }

    void takeModel(const TomlEntry& entry, const QString& model) {
        SettingSpec spec;
        spec.type = SettingType::Seconds;
        spec.minimum = 0.001;
        spec.maximum = 86400;
        const auto value = settingFromValue(spec, entry.value);
        if (value && !model.isEmpty())
            m_profile.modelTimeouts[model.toStdString()] = fromSeconds(value->toDouble());
        else
            complain(
                entry,
                QStringLiteral("is %1, but must be %2").arg(entry.shown, settingAllowed(spec)));
    }

    void takeOrder(const TomlEntry& entry) {
        QStringList words;
        for (const Strategy each : Profile::defaultOrder())
            words.append(QString::fromLatin1(toString(each)));
        if (auto order = listOf(entry.value, strategyFromString))
            m_profile.order = std::move(*order);
        else
            complain(entry, QStringLiteral("is %1, but must be a list of %2")
                                .arg(entry.shown, words.join(QStringLiteral(", "))));
    }

    void takeIgnored(const TomlEntry& entry) {
        auto classes = listOf(entry.value, errorClassFromString);
        if (!classes)
            return complain(entry,
                            QStringLiteral("is %1, but must be %2").arg(entry.shown, classList));
        circuit().ignoredErrors = std::move(*classes);
    }

    void takeFallback(const TomlEntry& entry) {
        auto classes = listOf(entry.value, errorClassFromString);
        if (!classes)
            return complain(entry,
                            QStringLiteral("is %1, but must be %2").arg(entry.shown, classList));
        m_profile.fallback.only = std::move(*classes);
    }

    void takeWeight(const TomlEntry& entry, const QString& word) {
        SettingSpec spec;
        spec.type = SettingType::Number;
        spec.minimum = 0;
        spec.maximum = 10;
        const auto errorClass = errorClassFromString(word.toStdString());
        const auto value = settingFromValue(spec, entry.value);
        if (!errorClass) {
            QStringList words;
            for (std::size_t i = 0; i < errorClassCount; ++i)
                words.append(QString::fromLatin1(toString(ErrorClass(i))));
            const QString nearest = nearestName(word, words);
            return complain(entry,
                            nearest.isEmpty()
                                ? QStringLiteral("there is no such error class")
                                : QStringLiteral("there is no such error class; did you mean %1?")
                                      .arg(nearest));
        }
        if (!value)
            return complain(
                entry,
                QStringLiteral("is %1, but must be %2").arg(entry.shown, settingAllowed(spec)));
        circuit().errorWeights[*errorClass] = value->toDouble();
    }

    CircuitOptions& circuit() {
        if (!m_profile.circuit)
            m_profile.circuit.emplace();
        return *m_profile.circuit;
    }

    void complain(const TomlEntry& entry, const QString& what) {
        const bool aboutValue = what.startsWith(QLatin1String("is "));
        m_mistakes.append(QStringLiteral("%1:%2: %3%4 %5")
                              .arg(m_file, QString::number(entry.line), entry.path,
                                   aboutValue ? QString() : QStringLiteral(":"), what));
    }

    QString m_file;
    Profile m_profile;
    QStringList m_mistakes;
};

tl::unexpected<Failure> invalid(const QStringList& mistakes) {
    return fail(FailureKind::Invalid, mistakes.join(u'\n'));
}

} // namespace

Outcome<Profile> readProfile(const QByteArray& toml, const QString& name, Profile base) {
    const auto entries = readToml(toml, name);
    if (!entries)
        return fail(entries.error());
    Reader reader(name, std::move(base));
    for (const TomlEntry& entry : *entries)
        reader.take(entry, entry.path);
    QStringList mistakes;
    Profile profile = reader.finish(mistakes);
    if (!mistakes.isEmpty())
        return invalid(mistakes);
    return profile;
}

Outcome<ProfileSet> readProfiles(const QByteArray& toml, const QString& name, ProfileSet base) {
    const auto entries = readToml(toml, name);
    if (!entries)
        return fail(entries.error());
    QStringList known;
    for (const std::string& each : base.names())
        known.append(QString::fromStdString(each));
    QStringList mistakes;
    std::map<QString, Reader> readers;
    for (const TomlEntry& entry : *entries) {
        const qsizetype dot = entry.path.indexOf(u'.');
        const QString profile = unquoted(entry.path.left(dot));
        const Profile* found = base.find(profile.toStdString());
        if (dot < 0 || !found) {
            const QString nearest = nearestName(profile, known);
            mistakes.append(
                QStringLiteral("%1:%2: %3: there is no profile \"%4\"; %5")
                    .arg(name, QString::number(entry.line), entry.path, profile,
                         nearest.isEmpty()
                             ? QStringLiteral("there are ") + known.join(QStringLiteral(", "))
                             : QStringLiteral("did you mean %1?").arg(nearest)));
            continue;
        }
        const auto reader = readers.try_emplace(profile, name, *found).first;
        reader->second.take(entry, entry.path.mid(dot + 1));
    }
    for (auto& [profile, reader] : readers)
        base.put(reader.finish(mistakes));
    if (!mistakes.isEmpty())
        return invalid(mistakes);
    return base;
}

} // namespace vigie
