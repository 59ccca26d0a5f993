#include "core/resilience/errorclassifier.h"
#include "core/store/postgres/connection.h"
#include "core/store/postgres/schema.h"

#include <QSqlError>

namespace vigie::stores::postgres {

namespace {

struct Words {
    const char* code;
    const char* why; ///< %1: what the server says
};

/// What people are told of a class of error. Nothing: the server's own words do.
Words wordsOf(ErrorClass errorClass) {
    switch (errorClass) {
    case ErrorClass::DbConnection:
        return {"database_away", "the connection is lost (%1)"};
    case ErrorClass::DbConstraint:
        return {"constraint", "the change contradicts what is stored (%1)"};
    case ErrorClass::DbReadOnly:
        return {"database_readonly", "it is read-only (%1); name the primary"};
    case ErrorClass::InvalidKey:
        return {"access_denied", "it does not let us in (%1)"};
    case ErrorClass::DbPermission:
        return {"access_denied",
                "this role may not do that (%1); make it the owner of the database, or of its "
                "schema \"vigie\""};
    case ErrorClass::DbSerialization:
    case ErrorClass::DbDeadlock:
        return {transactionLost.data(), "another session was in the way (%1); try again"};
    case ErrorClass::DbTooManyConnections:
        return {"too_many_connections", "it takes no more connections (%1)"};
    case ErrorClass::DbResources:
        return {"database_busy", "it lacks resources (%1)"};
    case ErrorClass::DbTimeout:
        return {"database_slow", "a statement or the lock it needs took too long (%1)"};
    case ErrorClass::StorageError:
        return {"disk_error", "its disk failed (%1); check its health and free space"};
    default:
        return {"", "%1"};
    }
}

/// Where another remedy is called for than in the rest of the class.
struct Remedy {
    const char* state; ///< SQLSTATE (PostgreSQL 15, appendix A)
    Words words;
};
constexpr Remedy remedies[] = {
    {"3D000", {"no_database", "%1"}},
    {"53100", {"disk_full", "its disk is full (%1); free some space there"}},
    {"XX001", {"database_corrupt", "it is damaged (%1); restore it from a backup"}},
    {"XX002", {"database_corrupt", "an index is damaged (%1); REINDEX it"}},
};

Words wordsOf(const QString& state) {
    for (const Remedy& remedy : remedies) {
        if (state == QLatin1String(remedy.state))
            return remedy.words;
    }
    const auto known = errorClassOfSqlState(state.toStdString());
    return wordsOf(known.value_or(ErrorClass::Unknown));
}

/// The first line, without its full stop and the words in front that say nothing.
QString firstLine(const QString& says) {
    QString line = says.section(u'\n', 0, 0).trimmed();
    for (const QLatin1String prefix : {QLatin1String("ERROR: "), QLatin1String("FATAL: ")}) {
        if (line.startsWith(prefix))
            line = line.mid(prefix.size()).trimmed();
    }
    while (line.endsWith(u'.') || line.endsWith(u':'))
        line.chop(1);
    return line;
}

} // namespace

QString whyNotConnected(const QString& says, const Address& address) {
    // One line per address that was tried; the last one tells most.
    QString line = firstLine(says.trimmed().section(u'\n', 0, 0));
    const qsizetype fatal = line.indexOf(QLatin1String("FATAL: "));
    if (fatal >= 0)
        line = line.mid(fatal + 7).trimmed();
    const auto contains = [&line](const char* text) {
        return line.contains(QLatin1String(text), Qt::CaseInsensitive);
    };
    QString advice;
    if (contains("refused") || contains("no such file"))
        advice = QStringLiteral("start PostgreSQL there, or correct the address");
    else if (contains("password"))
        advice = QStringLiteral("put the password into a file of mode 0600 named by PGPASSFILE, "
                                "as host:port:database:user:password");
    else if (contains("pg_hba.conf"))
        advice = QStringLiteral("allow it in pg_hba.conf of that server");
    else if (contains("database") && contains("does not exist"))
        advice = QStringLiteral("make it with: createdb -E UTF8 -O %1 %2")
                     .arg(address.user, address.database);
    else if (contains("role") && contains("does not exist"))
        advice = QStringLiteral("make it with: createuser -P %1").arg(address.user);
    if (line.isEmpty())
        line = QStringLiteral("the reason is unknown");
    return advice.isEmpty() ? line : line + QLatin1String("; ") + advice;
}

Failure Connection::failureOf(const QSqlError& error) const {
    Failure failure{FailureKind::Storage, {}, 0, {}, {}, {}};
    const QString state = error.nativeErrorCode();
    const QString says = firstLine(error.databaseText());
    QString why = says.isEmpty() ? QStringLiteral("the reason is unknown") : says;
    const Words words = wordsOf(state);
    failure.code = QLatin1String(words.code);
    why = QString::fromLatin1(words.why).arg(why);
    if (failure.code.isEmpty() && !database().isOpen()) {
        failure.code = QStringLiteral("database_away");
        why = QStringLiteral("the connection is lost (%1)").arg(why);
    }
    failure.message = QStringLiteral("The database %1 refused: %2.").arg(m_address.display(), why);
    return failure;
}

} // namespace vigie::stores::postgres
