#include "core/providers/scaleway/createjournal.h"

#include <QFile>
#include <QSaveFile>

namespace vigie {

CreateJournal::CreateJournal(Clock& clock, QString file, Duration keep)
    : m_clock(clock), m_file(std::move(file)), m_keep(keep) {}

Outcome<void> CreateJournal::open() {
    QFile file(m_file);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Storage, QStringLiteral("%1: %2").arg(m_file, file.errorString()));
    auto begun = decodeCreates(file.readAll());
    if (!begun)
        return fail(begun.error().kind,
                    QStringLiteral("%1: %2").arg(m_file, begun.error().message));
    m_begun = std::move(*begun);
    return {};
}

const BegunCreate* CreateJournal::find(const QString& tag) const {
    const auto found = m_begun.find(tag);
    return found == m_begun.end() ? nullptr : &found->second;
}

Outcome<void> CreateJournal::begin(const QString& tag, const QString& zone) {
    const WallTime now = m_clock.wallNow();
    std::erase_if(m_begun, [&](const auto& each) { return now - each.second.at > m_keep; });
    m_begun[tag] = {zone, now, {}};
    return save();
}

Outcome<void> CreateJournal::answered(const QString& tag, const QString& server) {
    m_begun[tag].server = server;
    return save();
}

Outcome<void> CreateJournal::forget(const QString& tag) {
    m_begun.erase(tag);
    return save();
}

Outcome<void> CreateJournal::save() {
    QSaveFile file(m_file);
    const bool written = file.open(QIODevice::WriteOnly) &&
                         file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                         file.write(encodeCreates(m_begun)) >= 0 && file.commit();
    if (!written)
        return fail(FailureKind::Storage, QStringLiteral("%1: %2").arg(m_file, file.errorString()));
    return {};
}

} // namespace vigie
