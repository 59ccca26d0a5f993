#include "core/store/sqlite/connection.h"

#include "core/base/ids.h"
#include "core/store/sqlite/schema.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlError>

namespace vigie::stores::sqlite {

namespace {

constexpr int busyTimeoutMs = 1000; // only a person with a SQLite shell can make us wait

tl::unexpected<Failure> cannotOpen(const QString& path, const QString& why) {
    return fail(FailureKind::Storage,
                QStringLiteral("The database %1 cannot be opened: %2.").arg(path, why));
}

/// The reasons that can be seen before SQLite is asked, in words it does not have.
Outcome<void> checkPath(const QString& path) {
    const QFileInfo file(path);
    const QFileInfo folder(file.absolutePath());
    if (path.isEmpty() || path.endsWith(u'/'))
        return cannotOpen(path, QStringLiteral("a file name is missing"));
    if (!folder.isDir())
        return cannotOpen(path, QStringLiteral("the folder %1 does not exist; create it first")
                                    .arg(folder.absoluteFilePath()));
    if (file.isDir())
        return cannotOpen(path, QStringLiteral("it is a folder; give the name of a file in it"));
    if (file.exists() && !file.isFile())
        return cannotOpen(path, QStringLiteral("it is no regular file"));
    if (file.exists() && !(file.isReadable() && file.isWritable()))
        return cannotOpen(path, QStringLiteral("this user may not read and write it"));
    if (!folder.isWritable())
        return cannotOpen(path, QStringLiteral("this user may not write in its folder %1")
                                    .arg(folder.absoluteFilePath()));
    if (!file.exists()) {
        // Made here, so that nobody but us may read it: it holds hashes of secrets.
        QFile created(path);
        if (!created.open(QIODevice::ReadWrite, QFile::ReadOwner | QFile::WriteOwner))
            return cannotOpen(path, created.errorString());
    }
    return {};
}

} // namespace

Connection::Connection(QString path, FileLock lock)
    : m_path(std::move(path)), m_lock(std::move(lock)), m_name(newUuid()),
      m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name)) {}

Connection::~Connection() {
    m_statements.clear();
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
}

Outcome<std::unique_ptr<Connection>> Connection::open(const QString& path) {
    if (const auto usable = checkPath(path); !usable)
        return fail(usable.error());
    const QString real = QFileInfo(path).canonicalFilePath(); // one lock however it is spelled
    auto lock = FileLock::acquire(real);
    if (!lock)
        return fail(lock.error());
    std::unique_ptr<Connection> connection(new Connection(real, std::move(*lock)));
    if (const auto ready = connection->prepareFile(); !ready)
        return fail(ready.error());
    return connection;
}

Outcome<void> Connection::prepareFile() {
    if (!m_database.isValid())
        return cannotOpen(m_path, QStringLiteral("Qt's driver QSQLITE is not installed"));
    m_database.setDatabaseName(m_path);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs));
    if (!m_database.open())
        return cannotOpen(m_path, m_database.lastError().databaseText());
    if (const auto ours = checkOwner(*this, m_path); !ours)
        return ours;
    // FULL: an acknowledged change set survives a power cut, not only a crash of ours.
    for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                               "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"}) {
        if (const auto set = single(QLatin1String(pragma)); !set)
            return fail(set.error());
    }
    const auto migrated = migrate(*this);
    m_statements.clear(); // none of those runs again
    return migrated;
}

Outcome<QSqlQuery*> Connection::run(const QString& sql, const QVariantList& values) {
    std::shared_ptr<QSqlQuery>& statement = m_statements[sql];
    if (!statement) {
        auto fresh = std::make_shared<QSqlQuery>(m_database);
        fresh->setForwardOnly(true);
        if (!fresh->prepare(sql))
            return fail(failureOf(fresh->lastError()));
        statement = std::move(fresh);
    }
    for (int i = 0; i < values.size(); ++i)
        statement->bindValue(i, values.at(i));
    if (!statement->exec()) {
        Failure failure = failureOf(statement->lastError());
        statement->finish();
        return fail(std::move(failure));
    }
    return statement.get();
}

Outcome<int> Connection::change(const QString& sql, const QVariantList& values) {
    const auto done = run(sql, values);
    if (!done)
        return fail(done.error());
    const int rows = (*done)->numRowsAffected();
    (*done)->finish();
    return rows;
}

Outcome<void> Connection::each(const QString& sql, const QVariantList& values,
                               const std::function<void(const QSqlQuery&)>& row) {
    const auto query = run(sql, values);
    if (!query)
        return fail(query.error());
    while ((*query)->next())
        row(**query);
    const QSqlError error = (*query)->lastError();
    (*query)->finish();
    if (error.isValid())
        return fail(failureOf(error));
    return {};
}

Outcome<QVariant> Connection::single(const QString& sql, const QVariantList& values) {
    QVariant first;
    const auto done = each(sql, values, [&first](const QSqlQuery& query) {
        if (!first.isValid())
            first = query.value(0);
    });
    if (!done)
        return fail(done.error());
    return first;
}

Outcome<void> Connection::transaction(const std::function<Outcome<void>()>& work) {
    // IMMEDIATE: a version that was read stays true until the commit.
    if (const auto begun = change(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return fail(begun.error());
    Outcome<void> done = work();
    if (done) {
        if (const auto committed = change(QStringLiteral("COMMIT")); committed)
            return {};
        else
            done = fail(committed.error());
    }
    // SQLite has rolled back by itself after some errors; then there is nothing left to undo.
    (void)change(QStringLiteral("ROLLBACK"));
    return done;
}

Failure Connection::failureOf(const QSqlError& error) const {
    Failure failure{FailureKind::Storage, {}, 0, {}, {}, {}};
    const QString text = error.databaseText();
    QString why;
    switch (error.nativeErrorCode().toInt() & 0xff) { // extended codes keep the class below
    case 5:
    case 6:
        failure.code = QStringLiteral("database_busy");
        why = QStringLiteral("another program holds its lock; close it and try again");
        break;
    case 8:
        failure.code = QStringLiteral("database_readonly");
        why = QStringLiteral("it is read-only; check the permissions of the file and its folder");
        break;
    case 10:
        failure.code = QStringLiteral("disk_error");
        why = QStringLiteral("the disk failed (%1); check its health and free space").arg(text);
        break;
    case 11:
        failure.code = QStringLiteral("database_corrupt");
        why = QStringLiteral("it is damaged (%1); restore it from a backup").arg(text);
        break;
    case 13:
        failure.code = QStringLiteral("disk_full");
        why = QStringLiteral("the disk is full; free some space");
        break;
    case 19:
        failure.code = QStringLiteral("constraint");
        why = QStringLiteral("the change contradicts what is stored (%1)").arg(text);
        break;
    case 26:
        failure.code = QStringLiteral("not_a_database");
        why = QStringLiteral("it is no SQLite database; choose another file");
        break;
    default:
        why = text.isEmpty() ? QStringLiteral("the reason is unknown") : text;
    }
    failure.message = QStringLiteral("The database %1 refused: %2.").arg(m_path, why);
    return failure;
}

} // namespace vigie::stores::sqlite
