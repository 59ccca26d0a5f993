#include "core/store/sqlite/filelock.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace vigie::stores::sqlite {

namespace {

QString holderOf(int descriptor) {
    char text[32] = {};
    const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
    const QByteArray pid = QByteArray(text, std::max<ssize_t>(size, 0)).trimmed();
    return pid.isEmpty() ? QStringLiteral("another process")
                         : QStringLiteral("process %1").arg(QString::fromLatin1(pid));
}

} // namespace

Outcome<FileLock> FileLock::acquire(const QString& database) {
    const QString path = database + QStringLiteral(".lock");
    const int descriptor = ::open(QFile::encodeName(path).constData(),
                                  O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return fail(FailureKind::Storage,
                    QStringLiteral("The lock file %1 of the database cannot be opened: %2.")
                        .arg(path, QString::fromLocal8Bit(std::strerror(errno))));
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return fail(FailureKind::Storage,
                        QStringLiteral("The lock file %1 of the database cannot be locked: %2.")
                            .arg(path, QString::fromLocal8Bit(std::strerror(errno))));
        return fail(
            Failure{FailureKind::Storage,
                    QStringLiteral("The database %1 is in use by %2; a SQLite file serves one "
                                   "orchestrator at a time. Stop that one, or choose another file.")
                        .arg(database, holderOf(descriptor)),
                    0,
                    {},
                    storeInUse,
                    {}});
    }
    const QByteArray pid = QByteArray::number(::getpid()) + '\n';
    // Only for the message above: a failure to write it changes nothing.
    if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const auto written =
            ::pwrite(descriptor, pid.constData(), static_cast<std::size_t>(pid.size()), 0);
    return lock;
}

FileLock::FileLock(FileLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileLock::~FileLock() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace vigie::stores::sqlite
