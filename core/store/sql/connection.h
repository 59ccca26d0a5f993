#pragma once

#include "core/base/outcome.h"

#include <QHash>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariantList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QSqlError;

namespace vigie {
struct HeartbeatStamp;
struct StoreNews;
} // namespace vigie

namespace vigie::stores::sql {

/// The few words in which databases differ.
struct Dialect {
    QString order;    ///< column that counts a table's rows in the order they came
    QString greatest; ///< function: the larger of two values
    /// Put before a column of a weaker filter, so that its index is not used.
    QString noIndex;
    QString now;      ///< the database's wall clock, in milliseconds since the Unix epoch
    QString elements; ///< query: the texts of the JSON array that is bound to it
    QString lockRows; ///< at a query's end: holds its rows, leaves out what others hold
    QString keepRow;  ///< at a query's end: nobody removes its row before the commit
    QString bytes;    ///< query: how large the database is, in bytes
    QString lockRow;  ///< at a query's end: holds its row, waiting for whoever holds it
};

/// One connection of Qt SQL with its prepared statements. Belongs to the thread that opened it.
class Connection {
public:
    virtual ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    virtual const Dialect& dialect() const = 0;

    /// Runs statements that can't be prepared and give no rows: BEGIN, SET, CREATE.
    Outcome<void> execute(const QString& sql);
    /// Runs a statement and returns how many rows it changed. Statements are prepared once each.
    Outcome<int> change(const QString& sql, const QVariantList& values = {});
    /// Runs a query and calls `row` for each row; a failure half way is a failure, never a short
    /// list.
    Outcome<void> each(const QString& sql, const QVariantList& values,
                       const std::function<void(const QSqlQuery&)>& row);
    /// The first column of the first row; nothing when there is no row.
    Outcome<QVariant> single(const QString& sql, const QVariantList& values = {});

    enum class Access {
        Read, ///< one consistent view
        Write ///< what was read stays true until the commit
    };
    /// All of `work` or, when it or the commit fails, nothing. `work` may run more than once, from
    /// its beginning.
    virtual Outcome<void> transaction(Access access, const std::function<Outcome<void>()>& work);

    /// One statement per beat; a database with a dear round trip has a better way. Inside a
    /// transaction.
    virtual Outcome<void> stampHeartbeats(const std::vector<HeartbeatStamp>& beats);

    /// Tells other orchestrators once the transaction is committed. Nobody listens by default.
    virtual Outcome<void> announce(const StoreNews& /*news*/) { return {}; }

    /// Inside a transaction: Storage, code "schema_newer", when the database has got a schema since
    /// that this program does not know.
    virtual Outcome<void> checkSchema() { return {}; }

    /// The fencing token of the lease that writes need; 0: none was begun.
    qint64 lease() const { return m_lease; }
    void setLease(qint64 token) { m_lease = token; }

    /// Called before work begins: opens again what was lost. The failure is the work's answer.
    virtual Outcome<void> ready() { return {}; }
    /// Called when work was done: a failure to answer with in its place, to see whether the rest
    /// holds.
    virtual std::optional<Failure> spoilt() { return std::nullopt; }
    /// Called when work failed: true when the connection was lost, none of the work was done, and a
    /// fresh connection is there for it to begin anew. A failure to connect is the work's answer.
    virtual Outcome<bool> revived() { return false; }

    /// How long one piece of work may take before interrupt() is called; zero: as long as it likes.
    virtual std::chrono::milliseconds patience() const { return {}; }
    /// Any thread: a call that waits for a server that stands still returns with a failure.
    virtual void interrupt() {}

protected:
    explicit Connection(const QString& driver);

    virtual Failure failureOf(const QSqlError& error) const = 0;
    virtual QString beginOf(Access access) const = 0;
    /// What can't be said in this database is put otherwise.
    virtual QVariant bindable(const QVariant& value) const { return value; }

    QSqlDatabase& database() { return m_database; }
    const QSqlDatabase& database() const { return m_database; }
    void forgetStatements() { m_statements.clear(); }
    void close();
    /// Drops a connection that was lost, with its statements, and leaves one that can be opened.
    void startAnew();

private:
    void forgetConnection();
    Outcome<QSqlQuery*> run(const QString& sql, const QVariantList& values);

    qint64 m_lease = 0;
    const QString m_driver;
    const QString m_name; ///< Qt's registry of connections is process-wide
    QHash<QString, std::shared_ptr<QSqlQuery>> m_statements;
    QSqlDatabase m_database;
};

} // namespace vigie::stores::sql
