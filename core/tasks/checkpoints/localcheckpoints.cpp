#include "core/tasks/checkpoints/localcheckpoints.h"

#include "core/tasks/checkpoints/checkpointcodec.h"
#include "core/tasks/durable/durablefile.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QRegularExpression>
#include <QUrl>

namespace vigie {

LocalCheckpoints::LocalCheckpoints(const QString& folder) : m_folder(QDir(folder).absolutePath()) {}

Outcome<QString> LocalCheckpoints::pathOf(const QString& key) const {
    static const QRegularExpression wellFormed(QRegularExpression::anchoredPattern(
        QStringLiteral("[A-Za-z0-9_-][A-Za-z0-9._-]*/[A-Za-z0-9_-][A-Za-z0-9._-]*")));
    if (!wellFormed.match(key).hasMatch())
        return fail(FailureKind::Invalid,
                    QStringLiteral("\"%1\" is no key of a checkpoint: expected OWNER/NAME of "
                                   "letters, digits, '-', '_' and '.'")
                        .arg(key.left(100)));
    return QDir(m_folder).filePath(key);
}

QString LocalCheckpoints::where() const {
    return QUrl::fromLocalFile(m_folder).toString();
}

Task<Outcome<QStringList>> LocalCheckpoints::keys(QString prefix, std::stop_token stop) {
    Q_UNUSED(stop);
    QStringList found;
    const QDir root(m_folder);
    QDirIterator files(m_folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString key = root.relativeFilePath(files.next());
        // A temporary file is the rest of a crash.
        if (key.startsWith(prefix) && !key.endsWith(QLatin1String(".tmp")) && pathOf(key))
            found.append(key);
    }
    found.sort();
    co_return found;
}

Task<Outcome<QByteArray>> LocalCheckpoints::get(QString key, std::stop_token stop) {
    Q_UNUSED(stop);
    const auto path = pathOf(key);
    if (!path)
        co_return fail(path.error());
    co_return readWholeFile(*path, maxCheckpointBytes);
}

Task<Outcome<void>> LocalCheckpoints::put(QString key, QByteArray bytes, QString retired,
                                          std::stop_token stop) {
    Q_UNUSED(stop);
    const auto path = pathOf(key);
    if (!path)
        co_return fail(path.error());
    QString retiredPath;
    if (!retired.isEmpty()) {
        const auto old = pathOf(retired);
        if (!old)
            co_return fail(old.error());
        retiredPath = *old;
    }
    if (auto made = makePrivateFolder(QFileInfo(*path).absolutePath()); !made)
        co_return made;
    co_return replaceFileDurably(*path, bytes, retiredPath);
}

Task<Outcome<void>> LocalCheckpoints::remove(QString key, std::stop_token stop) {
    Q_UNUSED(stop);
    const auto path = pathOf(key);
    if (!path)
        co_return fail(path.error());
    co_return removeFileDurably(*path);
}

} // namespace vigie
