#pragma once

#include "core/store/sql/connection.h"
#include "core/store/sqlite/filelock.h"

namespace vigie::stores::sqlite {

/// One open database file.
class Connection final : public sql::Connection {
public:
    /// Locks, opens and migrates the file; it is created when its folder exists. The failure names
    /// the file, the reason and what to do.
    static Outcome<std::unique_ptr<Connection>> open(const QString& path);

    ~Connection() override { close(); } // before the lock is gone
    const sql::Dialect& dialect() const override;

protected:
    Failure failureOf(const QSqlError& error) const override;
    QString beginOf(Access access) const override;

private:
    Connection(QString path, FileLock lock);
    Outcome<void> prepareFile();

    QString m_path;
    FileLock m_lock;
};

} // namespace vigie::stores::sqlite
