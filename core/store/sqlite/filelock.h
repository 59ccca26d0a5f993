#pragma once

#include "core/base/outcome.h"

#include <QString>

namespace vigie::stores::sqlite {

/// The code of the failure when another process has the lock.
inline const QString storeInUse = QStringLiteral("store_in_use");

/// Keeps other processes (and other stores of this one) from opening the same database. The kernel
/// ends it with the process, however that dies. A lock file of its own, because closing any handle
/// of the database file would drop the locks SQLite holds on it.
class FileLock {
public:
    /// Locks "<database>.lock"; the failure names the process that holds it.
    static Outcome<FileLock> acquire(const QString& database);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace vigie::stores::sqlite
