#include "core/store/postgres/connection.h"

#include "core/base/log.h"
#include "core/resilience/threadtime.h"
#include "core/store/postgres/schema.h"

#include <QCoreApplication>
#include <QSqlError>
#include <QSysInfo>

#include <algorithm>
#include <utility>

namespace vigie::stores::postgres {

namespace {

const QString category = QStringLiteral("store");
constexpr Duration longestDelay = std::chrono::seconds(8); // on purpose; as statement_timeout

// A server that vanished without a word is noticed within some 15 s, on an idle connection too.
const QString connectOptions =
    QStringLiteral("connect_timeout=5;keepalives_idle=10;keepalives_interval=2;keepalives_count=3;"
                   "tcp_user_timeout=15000;application_name='%1'");

// The server ends what takes too long and the session of an owner that vanished or stands still in
// the middle of a transaction, so that another can take over.
const QString sessionSettings =
    QStringLiteral("SET client_min_messages = warning; SET search_path = %1; "
                   "SET statement_timeout = '8s'; SET lock_timeout = '5s'; "
                   "SET idle_in_transaction_session_timeout = '30s'; "
                   "SET synchronous_commit = on; SET default_transaction_isolation = "
                   "'read committed'; SET tcp_keepalives_idle = 10; "
                   "SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3");

QString applicationName() {
    QString host = QSysInfo::machineHostName().left(30);
    host.remove(u'\'').remove(u'\\').remove(u';');
    return QStringLiteral("vigied on %1, process %2")
        .arg(host)
        .arg(QCoreApplication::applicationPid());
}

} // namespace

Connection::Connection(Address address, Role role, QString origin,
                       std::shared_ptr<ServerAccess> access)
    : sql::Connection(QStringLiteral("QPSQL")), m_address(std::move(address)), m_role(role),
      m_origin(std::move(origin)), m_access(std::move(access)) {}

Connection::~Connection() = default;

Outcome<std::unique_ptr<Connection>> Connection::open(Address address, Role role, QString origin,
                                                      std::shared_ptr<ServerAccess> access) {
    std::unique_ptr<Connection> connection(
        new Connection(std::move(address), role, std::move(origin), std::move(access)));
    if (const auto connected = connection->connect(); !connected)
        return fail(connected.error());
    if (const auto begun = connection->beginSession(); !begun)
        return fail(begun.error());
    if (role == Role::Writer) {
        if (const auto migrated = migrate(*connection); !migrated)
            return fail(migrated.error());
        connection->forgetStatements(); // none of those runs again
    }
    if (role == Role::Inspector) {
        const auto version = storedVersion(*connection);
        if (!version)
            return fail(version.error());
        if (*version == 0)
            return connection; // nothing that has a name
    }
    if (const auto read = connection->readIdentity(); !read)
        return fail(read.error());
    return connection;
}

const sql::Dialect& Connection::dialect() const {
    static const sql::Dialect words{
        QStringLiteral("seq"),
        QStringLiteral("greatest"),
        QString(),
        QStringLiteral("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"),
        QStringLiteral("SELECT jsonb_array_elements_text(CAST(? AS jsonb))"),
        QStringLiteral("FOR UPDATE SKIP LOCKED"),
        QStringLiteral("FOR KEY SHARE"),
        QStringLiteral("SELECT CAST(sum(pg_total_relation_size(c.oid)) AS BIGINT) FROM pg_class c "
                       "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
                       "current_schema() AND c.relkind = 'r'"),
        QStringLiteral("FOR UPDATE")};
    return words;
}

bool Connection::alive() const {
    return database().isOpen();
}

Outcome<void> Connection::connect() {
    QSqlDatabase& db = database();
    if (!db.isValid())
        return fail(FailureKind::Storage,
                    QStringLiteral("The database %1 can't be opened: Qt's driver QPSQL is not "
                                   "installed (Debian: libqt6sql6-psql).")
                        .arg(m_address.display()));
    db.setHostName(m_address.host);
    db.setPort(m_address.port);
    db.setUserName(m_address.user);
    db.setPassword(m_address.password);
    db.setDatabaseName(m_address.database);
    QStringList options{connectOptions.arg(applicationName())};
    options += m_address.options;
    db.setConnectOptions(options.join(u';'));
    if (db.open()) {
        m_socket.take(db);
        return {};
    }
    Failure failure{
        FailureKind::Storage,
        QStringLiteral("The database %1 can't be reached: %2.")
            .arg(m_address.display(), whyNotConnected(db.lastError().databaseText(), m_address)),
        0,
        {},
        {},
        {}};
    failure.code = QStringLiteral("database_away");
    return fail(std::move(failure));
}

Outcome<void> Connection::beginSession() {
    const auto set = execute(sessionSettings.arg(QLatin1String(schemaName)));
    if (!set)
        return set;
    if (const auto usable = checkServer(*this); !usable)
        return usable;
    if (m_role == Role::Inspector)
        return execute(QStringLiteral("SET default_transaction_read_only = on"));
    if (m_role == Role::Listener)
        return execute(QStringLiteral("LISTEN ") + QLatin1String(channel));
    return {};
}

Outcome<void> Connection::checkSchema() {
    return checkNotNewer(*this);
}

Outcome<void> Connection::readIdentity() {
    const auto id = single(QStringLiteral("SELECT value FROM meta WHERE key = 'store_id'"));
    if (!id)
        return fail(id.error());
    m_storeId = id->toString();
    return {};
}

Outcome<void> Connection::stillTheSame() {
    const QString before = m_storeId;
    if (const auto read = readIdentity(); !read)
        return read;
    if (m_storeId == before)
        return {};
    m_storeId = before;
    return fail(FailureKind::Storage,
                QStringLiteral("The database %1 is another one than before; start vigied again if "
                               "that is what you want.")
                    .arg(m_address.display()));
}

Outcome<void> Connection::sessionAnew() {
    m_socket.release();
    startAnew();
    auto connected = connect();
    if (connected)
        connected = beginSession();
    if (connected)
        connected = stillTheSame();
    if (connected)
        return connected;
    m_socket.release();
    startAnew();
    return connected;
}

Outcome<void> Connection::reconnect() {
    CircuitPermit permit = m_access->circuit().acquire(m_clock.now());
    if (!permit)
        return fail(m_access->why());
    const MonotonicTime begun = m_clock.now();
    const auto connected = sessionAnew();
    const MonotonicTime ended = m_clock.now();
    if (connected) {
        permit.succeed(ended);
        m_access->connected(ended, ended - begun);
        logInfo(category, QStringLiteral("connected to %1 again").arg(m_address.display()));
        return {};
    }
    m_access->failed(ended, ended - begun, connected.error());
    permit.fail(ended, connected.error().message.toStdString());
    return connected;
}

Failure Connection::injected(const FaultRule& rule, const QString& what) const {
    return {FailureKind::Storage,
            QStringLiteral("%1: fault injection (rule for %2).")
                .arg(what, QString::fromStdString(rule.key)),
            0,
            {},
            QStringLiteral("database_away"),
            {}};
}

// As if the server had gone in this moment: the session is lost, and so is the try to have another.
Outcome<void> Connection::breakOff(const FaultRule& rule) {
    m_socket.release();
    startAnew();
    const MonotonicTime now = m_clock.now();
    CircuitPermit permit = m_access->circuit().acquire(now);
    if (!permit)
        return fail(m_access->why());
    const Failure failure =
        injected(rule, QStringLiteral("The database %1 can't be reached").arg(m_address.display()));
    m_access->failed(now, {}, failure);
    permit.fail(now, failure.message.toStdString());
    return fail(failure);
}

std::optional<Failure> Connection::spoilt() {
    if (!m_spoils)
        return std::nullopt;
    return injected(*std::exchange(m_spoils, std::nullopt),
                    QStringLiteral("The answer of the database %1 was lost; what it was asked is "
                                   "done")
                        .arg(m_address.display()));
}

Outcome<void> Connection::ready() {
    m_doubtful = false;
    m_undone = false;
    m_spoils.reset();
    const MonotonicTime now = m_clock.now();
    m_access->renew(now);
    if (const auto rule = m_access->struck(now)) {
        if (rule->kind == FaultRule::Kind::Fault)
            return breakOff(*rule);
        if (rule->kind == FaultRule::Kind::Latency)
            Gate().waitUntil(now + std::min<Duration>(rule->latency, longestDelay), {});
        else
            m_spoils = rule;
    }
    return alive() ? Outcome<void>() : reconnect();
}

Outcome<bool> Connection::revived() {
    if (std::exchange(m_doubtful, false))
        return false;
    if (std::exchange(m_undone, false))
        return true;
    if (alive())
        return false;
    if (const auto connected = reconnect(); !connected)
        return fail(connected.error());
    return true;
}

QString Connection::beginOf(Access access) const {
    return access == Access::Read
               ? QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
               : QStringLiteral("BEGIN");
}

Outcome<void> Connection::transaction(Access access, const std::function<Outcome<void>()>& work) {
    RetryPolicy retries = m_access->retries(m_clock.now());
    for (;;) {
        Outcome<void> done = once(access, work);
        if (done)
            return done;
        AttemptResult result;
        result.retryable = done.error().code == transactionLost;
        const auto decision = retries.afterFailure(result, m_clock.now());
        if (!decision.wait)
            return done;
        m_access->retrying(m_clock.now(), *decision.wait);
        // Both transactions again at once would meet again.
        Gate().waitUntil(m_clock.now() + *decision.wait, {});
    }
}

Outcome<void> Connection::once(Access access, const std::function<Outcome<void>()>& work) {
    if (const auto begun = execute(beginOf(access)); !begun)
        return begun;
    Outcome<void> done = work();
    QString id;
    if (done && access == Access::Write) {
        const auto assigned =
            single(QStringLiteral("SELECT pg_current_xact_id_if_assigned()::text"));
        if (assigned)
            id = assigned->toString();
        else
            done = fail(assigned.error());
    }
    if (!done) {
        if (alive())
            (void)execute(QStringLiteral("ROLLBACK"));
        return done;
    }
    const auto committed = execute(QStringLiteral("COMMIT"));
    if (committed)
        return {};
    if (alive()) {
        (void)execute(QStringLiteral("ROLLBACK"));
        return committed;
    }
    return id.isEmpty() ? committed : settle(id, committed.error());
}

// The connection broke while the server was told to commit: only the server knows what it did.
Outcome<void> Connection::settle(const QString& transactionId, const Failure& lost) {
    m_doubtful = true;
    if (reconnect()) {
        const auto status =
            single(QStringLiteral("SELECT pg_xact_status(CAST(? AS xid8))"), {transactionId});
        if (status && status->toString() == u"committed") {
            m_doubtful = false;
            return {};
        }
        if (status && status->toString() == u"aborted") {
            m_doubtful = false;
            m_undone = true;
            return fail(lost);
        }
    }
    Failure failure = lost;
    failure.code = QStringLiteral("outcome_unknown");
    failure.message =
        QStringLiteral("The connection to the database %1 broke while a change was being "
                       "committed; whether it was is seen when the database is read again.")
            .arg(m_address.display());
    return fail(std::move(failure));
}

} // namespace vigie::stores::postgres
