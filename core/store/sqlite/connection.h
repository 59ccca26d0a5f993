#pragma once

#include "core/base/outcome.h"
#include "core/store/sqlite/filelock.h"

#include <QHash>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariantList>

#include <functional>
#include <memory>

namespace vigie::stores::sqlite {

/// One open database file with its prepared statements. Belongs to the thread that opened it.
class Connection {
public:
    /// Locks, opens and migrates the file; it is created when its folder exists. The failure names
    /// the file, the reason and what to do.
    static Outcome<std::unique_ptr<Connection>> open(const QString& path);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs a statement and returns how many rows it changed. Statements are prepared once each.
    Outcome<int> change(const QString& sql, const QVariantList& values = {});
    /// Runs a query and calls `row` for each row; a failure half way is a failure, never a short
    /// list.
    Outcome<void> each(const QString& sql, const QVariantList& values,
                       const std::function<void(const QSqlQuery&)>& row);
    /// The first column of the first row; nothing when there is no row.
    Outcome<QVariant> single(const QString& sql, const QVariantList& values = {});

    /// All of `work` or, when it or the commit fails, nothing.
    Outcome<void> transaction(const std::function<Outcome<void>()>& work);

private:
    Connection(QString path, FileLock lock);
    Outcome<void> prepareFile();
    Outcome<QSqlQuery*> run(const QString& sql, const QVariantList& values);
    Failure failureOf(const QSqlError& error) const;

    QString m_path;
    FileLock m_lock;
    QString m_name; ///< Qt's registry of connections is process-wide
    QHash<QString, std::shared_ptr<QSqlQuery>> m_statements;
    QSqlDatabase m_database;
};

} // namespace vigie::stores::sqlite
