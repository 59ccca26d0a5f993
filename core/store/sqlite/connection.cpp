#include "core/store/sqlite/connection.h"

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
Outcome<void> checkPath(const QString& path, Connection::Sharing sharing) {
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
    if (sharing == Connection::Sharing::AsItIs) {
        if (!file.isReadable())
            return cannotOpen(path, QStringLiteral("this user may not read it"));
        return {};
    }
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

Connection::Connection(QString path, std::optional<FileLock> lock)
    : sql::Connection(QStringLiteral("QSQLITE")), m_path(std::move(path)), m_lock(std::move(lock)) {
}

const sql::Dialect& Connection::dialect() const {
    static const sql::Dialect words{
        QStringLiteral("rowid"),
        QStringLiteral("max"),
        QStringLiteral("+"),
        QStringLiteral("CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"),
        QStringLiteral("SELECT value FROM json_each(?)"),
        QString(), // there is one connection
        QString(),
        QStringLiteral("SELECT c.page_count * s.page_size FROM pragma_page_count() c, "
                       "pragma_page_size() s"),
        QString()};
    return words;
}

QString Connection::beginOf(Access access) const {
    return access == Access::Read ? QStringLiteral("BEGIN") : QStringLiteral("BEGIN IMMEDIATE");
}

Outcome<std::unique_ptr<Connection>> Connection::open(const QString& path, Sharing sharing) {
    if (sharing == Sharing::AsItIs && !QFileInfo::exists(path))
        return fail(
            FailureKind::NotFound,
            QStringLiteral("There is no store %1.").arg(QFileInfo(path).absoluteFilePath()));
    if (const auto usable = checkPath(path, sharing); !usable)
        return fail(usable.error());
    const QString real = QFileInfo(path).canonicalFilePath(); // one lock however it is spelled
    if (sharing == Sharing::AsItIs) {
        std::unique_ptr<Connection> connection(new Connection(real, std::nullopt));
        if (const auto opened = connection->openFile(); !opened)
            return fail(opened.error());
        connection->forgetStatements();
        return connection;
    }
    auto lock = FileLock::acquire(real);
    const bool beside = !lock && sharing == Sharing::Beside && lock.error().code == storeInUse;
    if (!lock && !beside)
        return fail(lock.error());
    std::unique_ptr<Connection> connection(
        new Connection(real, lock ? std::optional(std::move(*lock)) : std::nullopt));
    if (const auto ready = connection->prepareFile(); !ready)
        return fail(ready.error());
    return connection;
}

Outcome<void> Connection::openFile() {
    if (!database().isValid())
        return cannotOpen(m_path, QStringLiteral("Qt's driver QSQLITE is not installed"));
    database().setDatabaseName(m_path);
    database().setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs));
    if (!database().open())
        return cannotOpen(m_path, database().lastError().databaseText());
    return checkOwner(*this, m_path);
}

Outcome<void> Connection::prepareFile() {
    if (const auto opened = openFile(); !opened)
        return opened;
    if (!m_lock) {
        const auto same = checkVersion(*this, m_path, SchemaUse::Beside);
        forgetStatements();
        return same;
    }
    // FULL: an acknowledged change set survives a power cut, not only a crash of ours.
    for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                               "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"}) {
        if (const auto set = single(QLatin1String(pragma)); !set)
            return fail(set.error());
    }
    const auto migrated = migrate(*this);
    forgetStatements(); // none of those runs again
    return migrated;
}

Outcome<void> Connection::onlyRead() {
    if (const auto same = checkVersion(*this, m_path, SchemaUse::Reading); !same)
        return same;
    const auto set = single(QStringLiteral("PRAGMA query_only = ON"));
    forgetStatements();
    if (!set)
        return fail(set.error());
    return {};
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
