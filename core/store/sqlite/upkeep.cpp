#include "core/store/sqlite/upkeep.h"

#include "core/base/timeformat.h"
#include "core/store/sql/restoredmarks.h"
#include "core/store/sql/wholefile.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/schema.h"

#include <QFile>
#include <QFileInfo>

#include <unistd.h>

namespace vigie::stores::sqlite {

using sql::WholeFile;
using Access = Connection::Access;

namespace {

/// Removes what SQLite and our lock leave beside a file that was worked on.
class Traces {
public:
    explicit Traces(QString file) : m_file(std::move(file)) {}
    ~Traces() {
        for (const char* suffix : {"-wal", "-shm", "-journal", ".lock"})
            QFile::remove(m_file + QLatin1String(suffix));
    }

private:
    const QString m_file;
};

tl::unexpected<Failure> unusable(const QString& file, const QString& why) {
    return fail(FailureKind::Invalid,
                QStringLiteral("The backup %1 can't be used: %2.").arg(file, why));
}

/// Every page and every index; `what` names the file for people.
Outcome<void> checkWhole(Connection& connection, const QString& what) {
    QStringList damage;
    const auto read = connection.each(
        QStringLiteral("PRAGMA integrity_check(3)"), {},
        [&damage](const QSqlQuery& row) { damage.append(row.value(0).toString().simplified()); });
    if (!read)
        return fail(read.error());
    if (damage == QStringList(QStringLiteral("ok")))
        return {};
    return fail(FailureKind::Storage, QStringLiteral("%1 is damaged (%2).")
                                          .arg(what, damage.join(QLatin1String("; ")).left(300)));
}

Outcome<int> versionOf(Connection& connection) {
    const auto version = storedVersion(connection);
    connection.forgetAll();
    return version;
}

/// The schema version of a copy, once it is known to be whole and a store of ours.
Outcome<int> examine(const QString& copy, const QString& what) {
    const auto connection = Connection::open(copy, Connection::Sharing::AsItIs);
    if (!connection)
        return fail(connection.error());
    if (const auto whole = checkWhole(**connection, what); !whole)
        return fail(whole.error());
    return versionOf(**connection);
}

Outcome<void> copyInto(const QString& source, const QString& target) {
    QFile from(source);
    QFile to(target);
    if (!from.open(QIODevice::ReadOnly))
        return unusable(source, from.errorString());
    if (!to.open(QIODevice::WriteOnly))
        return fail(FailureKind::Storage, to.errorString());
    QByteArray piece(1 << 20, Qt::Uninitialized);
    for (;;) {
        const qint64 size = from.read(piece.data(), piece.size());
        if (size < 0)
            return unusable(source, from.errorString());
        if (size == 0)
            break;
        if (to.write(piece.constData(), size) != size)
            return fail(
                FailureKind::Storage,
                QStringLiteral("The copy %1 can't be written: %2.").arg(target, to.errorString()));
    }
    if (!to.flush())
        return fail(
            FailureKind::Storage,
            QStringLiteral("The copy %1 can't be written: %2.").arg(target, to.errorString()));
    return {};
}

/// The reasons not to take a file for a backup that need no SQLite, which would blame the copy.
Outcome<void> checkBackupFile(const QString& file, const QString& store) {
    const QFileInfo info(file);
    if (!info.exists())
        return fail(FailureKind::NotFound,
                    QStringLiteral("There is no backup %1.").arg(info.absoluteFilePath()));
    if (!info.isFile())
        return unusable(file, QStringLiteral("it is no regular file"));
    if (info.canonicalFilePath() == QFileInfo(store).canonicalFilePath())
        return unusable(file, QStringLiteral("it is the store itself"));
    if (QFileInfo(file + QStringLiteral("-wal")).size() > 0)
        return unusable(file, QStringLiteral("%1-wal lies beside it, so it is a database in use, "
                                             "not a backup; make one with: vigied store backup")
                                  .arg(info.fileName()));
    QFile head(file);
    if (!head.open(QIODevice::ReadOnly))
        return unusable(file, head.errorString());
    if (!head.read(16).startsWith("SQLite format 3"))
        return unusable(file, QStringLiteral("it is no SQLite database"));
    return {};
}

/// The copy as the store it will be: whole, of this program's schema, nobody's, marked.
Outcome<StoreRestore> prepare(const QString& copy, const QString& file, WallTime now) {
    StoreRestore result;
    const auto version = examine(copy, QStringLiteral("it"));
    if (!version)
        return unusable(file, QString(version.error().message).replace(copy, file).chopped(1));
    if (*version == 0)
        return unusable(file, QStringLiteral("it holds no store"));
    result.schemaVersion = *version;
    const auto opened = Connection::open(copy); // brings it to the newest schema
    if (!opened)
        return fail(opened.error());
    Connection& connection = **opened;
    std::optional<StoreRestored> marks;
    const auto marked = connection.transaction(Access::Write, [&]() -> Outcome<void> {
        for (const QString& one :
             sql::restoringStatements(connection.dialect(), newestVersion(), now)) {
            if (const auto done = connection.execute(one); !done)
                return done;
        }
        return connection.each(
            QStringLiteral("SELECT key, value FROM meta"), {}, [&marks](const QSqlQuery& row) {
                sql::readRestored(row.value(0).toString(), row.value(1).toString(), marks);
            });
    });
    if (!marked)
        return fail(marked.error());
    if (marks && marks->from != WallTime{})
        result.newest = marks->from;
    connection.forgetAll();
    // One file, which a rename puts in place whole.
    const auto alone = connection.single(QStringLiteral("PRAGMA journal_mode = DELETE"));
    if (!alone)
        return fail(alone.error());
    return result;
}

/// Everything of the store in its one file, so that its name can go from one to the other at once.
/// A store too damaged for that is moved with its log as it is.
void settleOld(const QString& path) {
    const auto old = Connection::open(path, Connection::Sharing::AsItIs);
    if (!old)
        return;
    (*old)->forgetAll();
    (void)(*old)->single(QStringLiteral("PRAGMA journal_mode = DELETE"));
}

/// Gives the store of before a further name; the log that it may have goes with it.
Outcome<QString> keepOld(const QString& path, WallTime now) {
    if (!QFileInfo::exists(path))
        return QString();
    settleOld(path);
    QString stamp = toRfc3339(now);
    stamp.remove(u'-').remove(u':');
    const QString kept = path + QStringLiteral(".before-restore-") + stamp;
    if (::link(QFile::encodeName(path).constData(), QFile::encodeName(kept).constData()) != 0 &&
        !QFile::copy(path, kept)) // a file system without links
        return fail(
            FailureKind::Storage,
            QStringLiteral("The store can't be kept as %1; nothing was changed.").arg(kept));
    for (const char* suffix : {"-wal", "-shm", "-journal"})
        QFile::rename(path + QLatin1String(suffix), kept + QLatin1String(suffix));
    if (const auto flushed = sql::flushToDisk(kept); !flushed)
        return fail(flushed.error());
    return kept;
}

} // namespace

Outcome<Migration> Upkeep::migrate(bool dryRun) {
    Migration way;
    {
        const auto looked = Connection::open(m_path, Connection::Sharing::AsItIs);
        if (!looked)
            return fail(looked.error());
        const auto version = versionOf(**looked);
        if (!version)
            return fail(version.error());
        way = migrationFrom(*version);
    }
    if (dryRun)
        return way;
    if (const auto migrated = Connection::open(m_path); !migrated)
        return fail(migrated.error());
    return way;
}

Outcome<StoreBackup> Upkeep::backUp(const QString& file, bool overwrite) {
    const auto connection = Connection::open(m_path, Connection::Sharing::AsItIs);
    if (!connection)
        return fail(connection.error());
    const auto version = versionOf(**connection);
    if (!version)
        return fail(version.error());
    if (*version == 0)
        return fail(FailureKind::NotFound,
                    QStringLiteral("The database %1 holds no store yet.").arg(m_path));
    auto copy = WholeFile::begin(file, overwrite ? WholeFile::Existing::Replace
                                                 : WholeFile::Existing::Refuse);
    if (!copy)
        return fail(copy.error());
    if (QFileInfo(file).canonicalFilePath() == QFileInfo(m_path).canonicalFilePath())
        return fail(
            FailureKind::Invalid,
            QStringLiteral("The file %1 is the store itself; give another name.").arg(file));
    const Traces traces(copy->path());
    const auto copied = (*connection)->change(QStringLiteral("VACUUM INTO ?"), {copy->path()});
    if (!copied)
        return fail(
            FailureKind::Storage,
            QStringLiteral("The backup %1 can't be written: %2").arg(file, copied.error().message));
    const auto schema = examine(copy->path(), QStringLiteral("The backup ") + file);
    if (!schema)
        return fail(schema.error());
    if (const auto done = copy->finish(); !done)
        return fail(done.error());
    const QFileInfo made(file);
    return StoreBackup{made.absoluteFilePath(), made.size(), *schema};
}

Outcome<StoreRestore> Upkeep::restore(const QString& file, WallTime now) {
    if (const auto usable = checkBackupFile(file, m_path); !usable)
        return fail(usable.error());
    const QFileInfo info(m_path);
    const QString path = info.exists() ? info.canonicalFilePath() : info.absoluteFilePath();
    auto copy = WholeFile::begin(path, WholeFile::Existing::Replace);
    if (!copy)
        return fail(copy.error());
    const Traces traces(copy->path());
    const auto lock = FileLock::acquire(path);
    if (!lock)
        return fail(lock.error());
    if (const auto copied = copyInto(file, copy->path()); !copied)
        return fail(copied.error());
    auto result = prepare(copy->path(), file, now);
    if (!result)
        return result;
    if (const auto flushed = sql::flushToDisk(copy->path()); !flushed)
        return fail(flushed.error());
    const auto kept = keepOld(path, now);
    if (!kept)
        return fail(kept.error());
    if (const auto placed = copy->finish(); !placed)
        return fail(placed.error());
    result->keptAs = *kept;
    return result;
}

} // namespace vigie::stores::sqlite
