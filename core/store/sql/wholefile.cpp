#include "core/store/sql/wholefile.h"

#include "core/base/ids.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace vigie::stores::sql {

namespace {

QString systemError() {
    return QString::fromLocal8Bit(std::strerror(errno));
}

tl::unexpected<Failure> unfit(const QString& target, const QString& why) {
    return fail(FailureKind::Invalid,
                QStringLiteral("The file %1 can't be written: %2.").arg(target, why));
}

bool rename(const QString& from, const QString& to, WholeFile::Existing existing) {
    const QByteArray source = QFile::encodeName(from);
    const QByteArray target = QFile::encodeName(to);
    if (existing == WholeFile::Existing::Refuse) {
        if (::renameat2(AT_FDCWD, source.constData(), AT_FDCWD, target.constData(),
                        RENAME_NOREPLACE) == 0)
            return true;
        if (errno != EINVAL && errno != ENOSYS) // a file system that can't say "only if free"
            return false;
        if (QFileInfo::exists(to)) {
            errno = EEXIST;
            return false;
        }
    }
    return ::rename(source.constData(), target.constData()) == 0;
}

} // namespace

WholeFile::WholeFile(QString path, QString target, Existing existing)
    : m_path(std::move(path)), m_target(std::move(target)), m_existing(existing) {}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : m_path(std::exchange(other.m_path, {})), m_target(std::move(other.m_target)),
      m_existing(other.m_existing) {}

WholeFile::~WholeFile() {
    if (!m_path.isEmpty())
        QFile::remove(m_path);
}

Outcome<WholeFile> WholeFile::begin(const QString& target, Existing existing) {
    const QFileInfo file(target);
    const QFileInfo folder(file.absolutePath());
    if (target.isEmpty() || target.endsWith(u'/') || file.isDir())
        return unfit(target, QStringLiteral("it is a folder; give the name of a file in it"));
    if (!folder.isDir())
        return unfit(target, QStringLiteral("the folder %1 does not exist; create it first")
                                 .arg(folder.absoluteFilePath()));
    if (file.exists() && !file.isFile())
        return unfit(target, QStringLiteral("it is no regular file"));
    if (file.exists() && existing == Existing::Refuse)
        return unfit(target, QStringLiteral("it exists already; choose another name, or replace "
                                            "it with --force"));
    const QString path =
        QStringLiteral("%1.%2.partial").arg(file.absoluteFilePath(), newUuid().left(8));
    QFile made(path);
    if (!made.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner))
        return fail(
            FailureKind::Storage,
            QStringLiteral("The file %1 can't be written: %2.").arg(target, made.errorString()));
    return WholeFile(path, file.absoluteFilePath(), existing);
}

Outcome<void> WholeFile::finish() {
    if (auto flushed = flushToDisk(m_path); !flushed)
        return flushed;
    if (!rename(m_path, m_target, m_existing))
        return fail(
            FailureKind::Storage,
            QStringLiteral("The file %1 can't be put in place: %2.").arg(m_target, systemError()));
    m_path.clear();
    return flushToDisk(QFileInfo(m_target).absolutePath());
}

Outcome<void> flushToDisk(const QString& path) {
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
    const QString why = flushed ? QString() : systemError();
    if (descriptor >= 0)
        ::close(descriptor);
    if (flushed)
        return {};
    return fail(FailureKind::Storage,
                QStringLiteral("%1 can't be flushed to the disk: %2.").arg(path, why));
}

} // namespace vigie::stores::sql
