#include "core/calls/profiles.h"

#include "core/base/log.h"
#include "core/calls/builtinprofiles.h"
#include "core/calls/faultcodec.h"
#include "core/calls/profilecodec.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace vigie {

namespace {

const QString category = QStringLiteral("resilience");
constexpr qint64 maxBytes = 1024 * 1024;

Outcome<QByteArray> contentsOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: can't be read: %2").arg(path, file.errorString()));
    const QByteArray bytes = file.read(maxBytes + 1);
    if (bytes.size() > maxBytes)
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: is longer than 1 MiB, which no profile needs").arg(path));
    return bytes;
}

QFileInfoList filesOf(const QString& folder) {
    return QDir(folder).entryInfoList({QStringLiteral("*.toml")}, QDir::Files, QDir::Name);
}

Outcome<ProfileSet> fromFolder(const QString& folder, ProfileSet profiles) {
    QStringList mistakes;
    for (const QFileInfo& file : filesOf(folder)) {
        const std::string name = file.completeBaseName().toStdString();
        const Profile* base = profiles.find(name);
        if (!base) {
            mistakes.append(QStringLiteral("%1: %2").arg(
                file.filePath(), QString::fromStdString(profiles.unknown(name))));
            continue;
        }
        const auto bytes = contentsOf(file.filePath());
        auto profile = bytes ? readProfile(*bytes, file.filePath(), *base)
                             : Outcome<Profile>(fail(bytes.error()));
        if (profile)
            profiles.put(std::move(*profile));
        else
            mistakes.append(profile.error().message);
    }
    if (!mistakes.isEmpty())
        return fail(FailureKind::Invalid, mistakes.join(u'\n'));
    return profiles;
}

} // namespace

const ProfileSet& builtInProfiles() {
    static const ProfileSet set = [] {
        ProfileSet made;
        for (const BuiltInProfile& file : builtInProfileFiles()) {
            Profile base;
            base.name = file.name;
            auto profile = readProfile(file.toml, QString::fromLatin1(file.name), std::move(base));
            if (!profile)
                qFatal("%s", qUtf8Printable(profile.error().message));
            made.put(std::move(*profile));
        }
        return made;
    }();
    return set;
}

std::vector<SettingSpec> profileSettings() {
    SettingSpec path;
    path.section = QStringLiteral("resilience");
    path.key = QStringLiteral("profiles");
    path.fallback = QString();
    path.help = QStringLiteral("File, or folder of <profile>.toml files, that changes the "
                               "built-in resilience profiles; read again when it changes");
    SettingSpec faults;
    faults.section = QStringLiteral("resilience");
    faults.key = QStringLiteral("faults");
    faults.fallback = QString();
    faults.help =
        QStringLiteral("File of faults to put on purpose into the calls of the daemon and "
                       "of tasks, to see whether the rest holds; empty: none");
    return {path, faults};
}

Outcome<std::vector<FaultRule>> loadFaultRules(const QString& path) {
    if (path.isEmpty())
        return std::vector<FaultRule>();
    const auto bytes = contentsOf(path);
    if (!bytes)
        return fail(bytes.error());
    return readFaultRules(*bytes, path);
}

Outcome<ProfileSet> loadProfiles(const QString& path) {
    if (path.isEmpty())
        return builtInProfiles();
    if (QFileInfo(path).isDir())
        return fromFolder(path, builtInProfiles());
    const auto bytes = contentsOf(path);
    if (!bytes)
        return fail(bytes.error());
    return readProfiles(*bytes, path, builtInProfiles());
}

ProfileWatch::ProfileWatch(Clock& clock, Registry& registry, QString path, Adjust adjust,
                           Duration interval)
    : m_clock(clock), m_registry(registry), m_path(std::move(path)), m_adjust(std::move(adjust)),
      m_seen(stamp()), m_ticker(clock, interval, [this] { look(); }) {}

void ProfileWatch::look() {
    if (const QByteArray now = stamp(); now != m_seen) {
        m_seen = now;
        if (const auto done = reload(); done)
            logInfo(category, QStringLiteral("%1 changed: its profiles are in force").arg(m_path));
        else
            logError(category, QStringLiteral("%1 changed, but the profiles stay as they are: %2")
                                   .arg(m_path, done.error().message));
    }
}

Outcome<void> ProfileWatch::reload(const QString& path) {
    auto profiles = loadProfiles(path);
    if (!profiles)
        return fail(profiles.error());
    if (m_adjust)
        m_adjust(*profiles);
    const std::string wrong = m_registry.reload(*profiles, m_clock.now());
    if (!wrong.empty())
        return fail(FailureKind::Invalid, QString::fromStdString(wrong));
    m_path = path;
    m_seen = stamp();
    if (m_told)
        m_told(*profiles);
    return {};
}

// The bytes themselves: a change within one tick of the file's time stamp is seen too.
QByteArray ProfileWatch::stamp() const {
    QCryptographicHash hash(QCryptographicHash::Sha1);
    const auto add = [&hash](const QString& path) {
        hash.addData(path.toUtf8());
        if (const auto bytes = contentsOf(path))
            hash.addData(*bytes);
    };
    if (m_path.isEmpty())
        return {};
    if (!QFileInfo(m_path).isDir())
        add(m_path);
    else
        for (const QFileInfo& file : filesOf(m_path))
            add(file.filePath());
    return hash.result();
}

} // namespace vigie
