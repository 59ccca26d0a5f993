#pragma once

#include "core/store/sql/connection.h"
#include "core/store/sqlite/filelock.h"

#include <optional>

namespace vigie::stores::sqlite {

/// One open database file.
class Connection final : public sql::Connection {
public:
    enum class Sharing {
        Alone,  ///< or not at all
        Beside, ///< also while another process has the file; then it is not migrated
        AsItIs  ///< also then; it must be there, and neither lock nor schema is touched
    };
    /// Locks, opens and migrates the file; it is created when its folder exists. The failure names
    /// the file, the reason and what to do.
    static Outcome<std::unique_ptr<Connection>> open(const QString& path,
                                                     Sharing sharing = Sharing::Alone);

    ~Connection() override { close(); } // before the lock is gone
    const sql::Dialect& dialect() const override;
    /// From now on it only reads, and only a store of exactly this program's schema.
    Outcome<void> onlyRead();
    /// Ends every statement, which would keep the file from changing its kind of journal.
    void forgetAll() { forgetStatements(); }

protected:
    Failure failureOf(const QSqlError& error) const override;
    QString beginOf(Access access) const override;

private:
    Connection(QString path, std::optional<FileLock> lock);
    Outcome<void> openFile();
    Outcome<void> prepareFile();

    const QString m_path;
    std::optional<FileLock> m_lock; ///< nothing: another process has it, or we only look
};

} // namespace vigie::stores::sqlite
