#include "core/tasks/durable/durablefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace vigie {

namespace {

class Descriptor {
public:
    Descriptor(const QString& path, int flags)
        : value(::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, 0600)) {}
    ~Descriptor() {
        if (value >= 0)
            ::close(value);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    const int value;
};

bool writeAll(int descriptor, QByteArrayView bytes) {
    while (!bytes.isEmpty()) {
        const ssize_t written =
            ::write(descriptor, bytes.data(), static_cast<std::size_t>(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = bytes.sliced(written);
    }
    return true;
}

} // namespace

Failure storageFailure(const QString& what, const QString& path) {
    const int code = errno;
    Failure failure{FailureKind::Storage,
                    QStringLiteral("%1 %2: %3").arg(what, path, qt_error_string(code)),
                    0,
                    {},
                    {},
                    {}};
    if (code == ENOSPC || code == EDQUOT)
        failure.code = QStringLiteral("storage_full");
    return failure;
}

Outcome<void> syncFolderOf(const QString& path) {
    const QString folder = QFileInfo(path).absolutePath();
    const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
    if (descriptor.value < 0 || ::fsync(descriptor.value) != 0)
        return fail(storageFailure(QStringLiteral("can't sync the folder"), folder));
    return {};
}

Outcome<void> replaceFileDurably(const QString& path, QByteArrayView bytes) {
    return replaceFileDurably(path, bytes, {});
}

Outcome<void> replaceFileDurably(const QString& path, QByteArrayView bytes,
                                 const QString& retired) {
    // One name for all tries: what a crash left behind is overwritten, not gathered.
    const QString temporary = path + QStringLiteral(".tmp");
    const QByteArray temporaryName = QFile::encodeName(temporary);
    if (!retired.isEmpty())
        std::rename(QFile::encodeName(retired).constData(), temporaryName.constData());
    {
        const Descriptor descriptor(temporary, O_WRONLY | O_CREAT);
        if (descriptor.value < 0)
            return fail(storageFailure(QStringLiteral("can't create"), temporary));
        struct stat before {};
        const bool written =
            ::fstat(descriptor.value, &before) == 0 && writeAll(descriptor.value, bytes) &&
            (before.st_size <= bytes.size() || ::ftruncate(descriptor.value, bytes.size()) == 0) &&
            ::fdatasync(descriptor.value) == 0;
        if (!written) {
            const Failure failure = storageFailure(QStringLiteral("can't write"), temporary);
            QFile::remove(temporary);
            return fail(failure);
        }
    }
    if (std::rename(temporaryName.constData(), QFile::encodeName(path).constData()) != 0) {
        const Failure failure = storageFailure(QStringLiteral("can't replace"), path);
        QFile::remove(temporary);
        return fail(failure);
    }
    return syncFolderOf(path);
}

Outcome<QByteArray> readWholeFile(const QString& path, qint64 maxBytes) {
    QFile file(path);
    if (!file.exists())
        return fail(FailureKind::NotFound, QStringLiteral("there is no file %1").arg(path));
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Storage,
                    QStringLiteral("can't read %1: %2").arg(path, file.errorString()));
    // Also what says that it is short and is not (a device) is read only that far.
    QByteArray bytes = file.read(maxBytes + 1);
    if (bytes.size() > maxBytes)
        return fail(FailureKind::TooLarge,
                    QStringLiteral("%1 is longer than %2 bytes").arg(path).arg(maxBytes));
    if (file.error() != QFileDevice::NoError)
        return fail(FailureKind::Storage,
                    QStringLiteral("can't read %1: %2").arg(path, file.errorString()));
    return bytes;
}

Outcome<void> removeFileDurably(const QString& path) {
    if (::unlink(QFile::encodeName(path).constData()) != 0)
        return errno == ENOENT
                   ? Outcome<void>()
                   : Outcome<void>(fail(storageFailure(QStringLiteral("can't remove"), path)));
    return syncFolderOf(path);
}

Outcome<void> makePrivateFolder(const QString& path) {
    const QString folder = QDir(path).absolutePath();
    if (QFileInfo(folder).isDir())
        return {};
    const QString parent = QFileInfo(folder).absolutePath();
    if (parent != folder) {
        if (auto made = makePrivateFolder(parent); !made)
            return made;
    }
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0 && errno != EEXIST)
        return fail(storageFailure(QStringLiteral("can't make the folder"), folder));
    return syncFolderOf(folder);
}

quint32 checksum(QByteArrayView bytes, quint32 seed) {
    if (bytes.isEmpty())
        return seed; // zlib takes a null pointer for a wish to begin anew
    return static_cast<quint32>(::crc32_z(seed, reinterpret_cast<const Bytef*>(bytes.data()),
                                          static_cast<z_size_t>(bytes.size())));
}

Outcome<FileLock> FileLock::tryLock(const QString& path, const QString& what) {
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(storageFailure(QStringLiteral("can't open"), path));
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return lock;
    if (errno == EWOULDBLOCK)
        return fail(
            FailureKind::Conflict,
            QStringLiteral("%1 is in use by another process (it holds %2)").arg(what, path));
    return fail(storageFailure(QStringLiteral("can't lock"), path));
}

FileLock::~FileLock() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace vigie
