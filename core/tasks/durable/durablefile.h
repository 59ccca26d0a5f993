#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// Puts `bytes` at `path` so that a crash at any moment leaves the old content or the new one:
/// written to a temporary file beside it, fsynced, renamed, and the folder fsynced. Storage failure
/// otherwise, and the old content stays.
Outcome<void> replaceFileDurably(const QString& path, QByteArrayView bytes);

/// The same, in the blocks of a file of about that size that is no longer needed: `retired` is gone
/// afterwards, also on failure. Much cheaper, because the disk's map hardly changes.
Outcome<void> replaceFileDurably(const QString& path, QByteArrayView bytes, const QString& retired);

/// The whole file. NotFound when there is none, TooLarge over `maxBytes`, else Storage.
Outcome<QByteArray> readWholeFile(const QString& path, qint64 maxBytes);

/// Removes a file and makes that durable; a missing one is fine.
Outcome<void> removeFileDurably(const QString& path);

/// Makes durable what was created, renamed or removed in the folder that holds `path`.
Outcome<void> syncFolderOf(const QString& path);

/// Makes the folder and its parents, readable by their owner only.
Outcome<void> makePrivateFolder(const QString& path);

/// CRC-32 (zlib's) of `bytes`, continued from `seed`.
quint32 checksum(QByteArrayView bytes, quint32 seed = 0);

/// "can't write /x/y: no space left on device", from errno.
Failure storageFailure(const QString& what, const QString& path);

/// An exclusive lock on a file, held until it is destroyed or its process ends in any way.
class FileLock {
public:
    /// Conflict when another process (or another FileLock) holds it; `what` names it in the
    /// sentence: "run 7".
    static Outcome<FileLock> tryLock(const QString& path, const QString& what);
    FileLock(FileLock&& other) noexcept : m_descriptor(other.m_descriptor) {
        other.m_descriptor = -1;
    }
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace vigie
