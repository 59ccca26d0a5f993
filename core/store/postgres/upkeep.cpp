#include "core/store/postgres/upkeep.h"

#include "core/base/timeformat.h"
#include "core/store/postgres/clienttools.h"
#include "core/store/postgres/connection.h"
#include "core/store/postgres/schema.h"
#include "core/store/sql/restoredmarks.h"
#include "core/store/sql/wholefile.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

namespace vigie::stores::postgres {

using sql::WholeFile;

namespace {

Outcome<std::unique_ptr<Connection>> connectTo(const Address& address, Connection::Role role) {
    return Connection::open(
        address, role, QString(),
        std::make_shared<ServerAccess>(builtInStoreCalls(), SystemClock().now()));
}

tl::unexpected<Failure> unusable(const QString& file, const QString& why) {
    return fail(FailureKind::Invalid,
                QStringLiteral("The backup %1 can't be used: %2.").arg(file, why));
}

/// The schema version of a backup that can be read to its end; `file` names it for people.
Outcome<int> examine(const ClientTools& tools, const QString& path, const QString& file) {
    const QString program = QStringLiteral("pg_restore");
    const auto listed = tools.run(program, {QStringLiteral("--list"), path});
    if (!listed)
        return unusable(file, listed.error().message.chopped(1));
    if (!listed->contains(" TABLE DATA vigie meta "))
        return unusable(file, QStringLiteral("it holds no store of vigied"));
    const auto whole = tools.run(program, {QStringLiteral("--file=/dev/null"), path});
    if (!whole)
        return unusable(file, whole.error().message.chopped(1));
    const auto meta =
        tools.run(program, {QStringLiteral("--data-only"), QStringLiteral("--schema=vigie"),
                            QStringLiteral("--table=meta"), QStringLiteral("--file=-"), path});
    if (!meta)
        return unusable(file, meta.error().message.chopped(1));
    for (const QByteArray& line : meta->split('\n')) {
        if (line.startsWith("schema_version\t"))
            return line.mid(line.indexOf('\t') + 1).toInt();
    }
    return unusable(file, QStringLiteral("it tells no schema version"));
}

Outcome<void> checkBackupFile(const QString& file) {
    const QFileInfo info(file);
    if (!info.exists())
        return fail(FailureKind::NotFound,
                    QStringLiteral("There is no backup %1.").arg(info.absoluteFilePath()));
    if (!info.isFile())
        return unusable(file, QStringLiteral("it is no regular file"));
    QFile head(file);
    if (!head.open(QIODevice::ReadOnly))
        return unusable(file, head.errorString());
    if (head.read(5) != "PGDMP")
        return unusable(file, QStringLiteral("it is no archive of pg_dump --format=custom, which "
                                             "vigied store backup writes for PostgreSQL"));
    return {};
}

/// Holds off whoever starts meanwhile, refuses while somebody has a lease, and moves the store of
/// before out of the way.
QByteArray preamble(const QString& kept) {
    QByteArray script = "SET lock_timeout = '5s';\n"
                        "SELECT pg_advisory_xact_lock(" +
                        migrationLockKey() +
                        ");\n"
                        "DO $$ DECLARE who text; BEGIN\n"
                        "IF to_regclass('vigie.replicas') IS NOT NULL THEN\n"
                        "  LOCK TABLE vigie.replicas IN ACCESS EXCLUSIVE MODE;\n"
                        "  SELECT string_agg(name, ', ') INTO who FROM vigie.replicas\n"
                        "    WHERE lease_until > extract(epoch FROM clock_timestamp()) * 1000;\n"
                        "  IF who IS NOT NULL THEN\n"
                        "    RAISE EXCEPTION 'the store is in use by %; stop it first', who;\n"
                        "  END IF;\n"
                        "END IF; END $$;\n";
    if (!kept.isEmpty())
        script += "ALTER SCHEMA vigie RENAME TO " + kept.toLatin1() + ";\n";
    return script;
}

/// Tokens count on from the clock: none that was given before the restore is given again, so that
/// who held one can't write.
QString tokensAnew(WallTime now, qint64 before) {
    const qint64 seconds = now.time_since_epoch() / std::chrono::seconds(1);
    return QStringLiteral("SELECT setval('vigie.replicas_id_seq', greatest(%1, (SELECT last_value "
                          "FROM vigie.replicas_id_seq)))")
        .arg(std::max(seconds, before + 1));
}

Outcome<void> write(const QString& path, const QByteArray& text) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.flush())
        return {};
    return fail(FailureKind::Storage,
                QStringLiteral("%1 can't be written: %2.").arg(path, file.errorString()));
}

Outcome<qint64> newestToken(Connection& connection) {
    const auto there =
        connection.single(QStringLiteral("SELECT to_regclass('vigie.replicas_id_seq')::text"));
    if (!there)
        return fail(there.error());
    if (there->isNull() || there->toString().isEmpty())
        return 0;
    const auto token = connection.single(QStringLiteral("SELECT last_value FROM replicas_id_seq"));
    if (!token)
        return fail(token.error());
    return token->toLongLong();
}

Outcome<void> putInPlace(const ClientTools& tools, const QString& file, const QString& kept,
                         const QStringList& afterwards) {
    const QTemporaryDir folder; // ours alone: what is in it holds hashes of secrets
    const auto path = [&folder](const char* name) { return folder.filePath(QLatin1String(name)); };
    const auto unpacked =
        tools.run(QStringLiteral("pg_restore"),
                  {QStringLiteral("--no-owner"), QStringLiteral("--no-privileges"),
                   QStringLiteral("--file=") + path("store.sql"), file});
    if (!unpacked)
        return fail(unpacked.error());
    if (auto written = write(path("before.sql"), preamble(kept)); !written)
        return written;
    const QByteArray after = "SET search_path = vigie;\n" +
                             (afterwards.join(QLatin1String(";\n")) + u';').toUtf8() + '\n';
    if (auto written = write(path("after.sql"), after); !written)
        return written;
    const auto placed = tools.run(
        QStringLiteral("psql"),
        {QStringLiteral("--no-psqlrc"), QStringLiteral("--quiet"), QStringLiteral("--no-password"),
         QStringLiteral("--set=ON_ERROR_STOP=1"), QStringLiteral("--single-transaction"),
         QStringLiteral("--output=/dev/null"), QStringLiteral("--file=") + path("before.sql"),
         QStringLiteral("--file=") + path("store.sql"),
         QStringLiteral("--file=") + path("after.sql")});
    if (!placed)
        return fail(FailureKind::Storage,
                    QStringLiteral("Nothing was restored: ") + placed.error().message);
    return {};
}

/// Once it is in place: brings it to the newest schema and ends the sessions of whoever slept
/// through its lease, so that he finds another store when he connects anew. The time of its newest
/// entry.
Outcome<qint64> settle(const Address& address, const QString& tokens) {
    const auto opened = connectTo(address, Connection::Role::Writer);
    if (!opened)
        return fail(opened.error());
    Connection& connection = **opened;
    const auto counted = connection.single(tokens); // a backup of version 1 had none
    if (!counted)
        return fail(counted.error());
    const auto ended = connection.single(QStringLiteral(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
        "current_database() AND pid <> pg_backend_pid() AND usename = current_user AND "
        "application_name LIKE 'vigied on %'"));
    if (!ended)
        return fail(ended.error());
    const auto from =
        connection.single(QStringLiteral("SELECT value FROM meta WHERE key = 'restored_from'"));
    if (!from)
        return fail(from.error());
    return from->toString().toLongLong();
}

} // namespace

Outcome<Migration> Upkeep::migrate(bool dryRun) {
    Migration way;
    {
        const auto looked = connectTo(m_address, Connection::Role::Inspector);
        if (!looked)
            return fail(looked.error());
        const auto version = storedVersion(**looked);
        if (!version)
            return fail(version.error());
        way = migrationFrom(*version);
    }
    if (dryRun)
        return way;
    if (const auto migrated = connectTo(m_address, Connection::Role::Writer); !migrated)
        return fail(migrated.error());
    return way;
}

Outcome<StoreBackup> Upkeep::backUp(const QString& file, bool overwrite) {
    {
        const auto connection = connectTo(m_address, Connection::Role::Inspector);
        if (!connection)
            return fail(connection.error());
        const auto version = storedVersion(**connection);
        if (!version)
            return fail(version.error());
        if (*version == 0)
            return fail(
                FailureKind::NotFound,
                QStringLiteral("The database %1 holds no store yet.").arg(m_address.display()));
    }
    auto copy = WholeFile::begin(file, overwrite ? WholeFile::Existing::Replace
                                                 : WholeFile::Existing::Refuse);
    if (!copy)
        return fail(copy.error());
    const ClientTools tools(m_address);
    const auto dumped =
        tools.run(QStringLiteral("pg_dump"),
                  {QStringLiteral("--format=custom"), QStringLiteral("--schema=vigie"),
                   QStringLiteral("--no-owner"), QStringLiteral("--no-privileges"),
                   QStringLiteral("--no-password"), QStringLiteral("--lock-wait-timeout=10000"),
                   QStringLiteral("--file=") + copy->path()});
    if (!dumped)
        return fail(dumped.error());
    const auto schema = examine(tools, copy->path(), file);
    if (!schema)
        return fail(schema.error());
    if (const auto done = copy->finish(); !done)
        return fail(done.error());
    const QFileInfo made(file);
    return StoreBackup{made.absoluteFilePath(), made.size(), *schema};
}

Outcome<StoreRestore> Upkeep::restore(const QString& file, WallTime now) {
    if (const auto usable = checkBackupFile(file); !usable)
        return fail(usable.error());
    const ClientTools tools(m_address);
    const auto version = examine(tools, file, file);
    if (!version)
        return fail(version.error());
    if (*version > newestVersion())
        return unusable(file, QStringLiteral("it has schema version %1, but this program knows "
                                             "versions up to %2; run a newer vigied")
                                  .arg(*version)
                                  .arg(newestVersion()));
    StoreRestore result;
    result.schemaVersion = *version;
    qint64 token = 0;
    QString kept;
    QStringList afterwards;
    {
        const auto connection = connectTo(m_address, Connection::Role::Inspector);
        if (!connection)
            return fail(connection.error());
        const auto before = storedVersion(**connection);
        const auto given = newestToken(**connection);
        if (!before || !given)
            return fail(before ? given.error() : before.error());
        token = *given;
        if (*before > 0)
            kept = QStringLiteral("vigie_before_restore_") +
                   QString::number(now.time_since_epoch().count());
        afterwards = sql::restoringStatements((*connection)->dialect(), *version, now);
        if (*version >= 2)
            afterwards += tokensAnew(now, token);
    }
    if (const auto placed = putInPlace(tools, file, kept, afterwards); !placed)
        return fail(placed.error());
    const auto from = settle(m_address, tokensAnew(now, token));
    if (!from)
        return fail(FailureKind::Storage,
                    QStringLiteral("The store was restored and is held, but then: ") +
                        from.error().message);
    if (*from > 0)
        result.newest = WallTime(std::chrono::milliseconds(*from));
    if (!kept.isEmpty())
        result.keptAs = QStringLiteral("schema %1 of that database").arg(kept);
    return result;
}

} // namespace vigie::stores::postgres
