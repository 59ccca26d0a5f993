#include "tests/support/postgresserver.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>

#include <csignal>
#include <pwd.h>
#include <unistd.h>

namespace vigie {

namespace {

constexpr int limitMs = 60'000;

QString program(const QString& name) {
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    for (const QString& version :
         versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed)) {
        const QString path = versions.filePath(version + QStringLiteral("/bin/") + name);
        if (QFile::exists(path))
            return path;
    }
    return {};
}

/// PostgreSQL refuses to run as root.
const passwd* unprivileged() {
    if (::geteuid() != 0)
        return nullptr;
    const passwd* user = ::getpwnam("postgres");
    return user ? user : ::getpwnam("nobody");
}

/// `tool` with its arguments, as the other user where there must be one. It ends with us.
std::pair<QString, QStringList> asUser(const QString& tool, const QStringList& arguments) {
    QStringList words{QStringLiteral("--pdeathsig"), QStringLiteral("INT")};
    if (const passwd* user = unprivileged())
        words << QStringLiteral("--reuid=%1").arg(user->pw_uid)
              << QStringLiteral("--regid=%1").arg(user->pw_gid) << QStringLiteral("--clear-groups");
    return {QStringLiteral("/usr/bin/setpriv"), words + QStringList{tool} + arguments};
}

int freePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    return probe.serverPort();
}

} // namespace

PostgresServer::~PostgresServer() {
    if (!running())
        return;
    freeze(false);
    kill9(); // nobody needs its data any more
}

bool PostgresServer::runTool(const QString& tool, const QStringList& arguments) {
    const QString path = program(tool);
    if (path.isEmpty()) {
        m_why = tool + QStringLiteral(" is missing; install Debian's postgresql");
        return false;
    }
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(QStringLiteral("/"));
    const auto [name, words] = asUser(path, arguments);
    process.start(name, words);
    const bool ended = process.waitForFinished(limitMs);
    m_lastOutput = QString::fromUtf8(process.readAll()).trimmed();
    if (ended && process.exitCode() == 0)
        return true;
    m_why = tool + QStringLiteral(" failed: ") + m_lastOutput;
    return false;
}

bool PostgresServer::makeFolder() {
    if (!m_folder.isValid()) {
        m_why = m_folder.errorString();
        return false;
    }
    const passwd* user = unprivileged();
    if (user &&
        ::chown(QFile::encodeName(m_folder.path()).constData(), user->pw_uid, user->pw_gid) != 0) {
        m_why = QStringLiteral("the folder can't be given to the user of PostgreSQL");
        return false;
    }
    return true;
}

bool PostgresServer::makeCluster() {
    if (!makeFolder() ||
        !runTool(QStringLiteral("initdb"),
                 {QStringLiteral("-D"), folder("data"), QStringLiteral("-U"),
                  QStringLiteral("super"), QStringLiteral("-E"), QStringLiteral("UTF8"),
                  QStringLiteral("--locale=C"), QStringLiteral("--no-sync"), QStringLiteral("-A"),
                  QStringLiteral("trust")}))
        return false;
    QFile access(folder("data/pg_hba.conf"));
    if (!access.open(QIODevice::WriteOnly)) {
        m_why = access.errorString();
        return false;
    }
    access.write("host all locked 127.0.0.1/32 scram-sha-256\n"
                 "local all all trust\nhost all all 127.0.0.1/32 trust\n");
    m_port = freePort();
    m_made = true;
    return true;
}

bool PostgresServer::start(Disk disk) {
    if (running())
        return true;
    if (!m_made && !makeCluster())
        return false;
    QStringList arguments{QStringLiteral("-D"),    folder("data"),       QStringLiteral("-p"),
                          QString::number(m_port), QStringLiteral("-k"), m_folder.path()};
    QStringList settings{
        QStringLiteral("listen_addresses=127.0.0.1"), QStringLiteral("max_connections=40"),
        QStringLiteral("shared_buffers=32MB"), QStringLiteral("logging_collector=off")};
    if (disk == Disk::Quick)
        settings << QStringLiteral("fsync=off") << QStringLiteral("full_page_writes=off");
    for (const QString& setting : settings)
        arguments << QStringLiteral("-c") << setting;
    const auto [name, words] = asUser(program(QStringLiteral("postgres")), arguments);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setWorkingDirectory(QStringLiteral("/"));
    m_process.start(name, words);
    QByteArray said;
    while (!said.contains("database system is ready to accept connections")) {
        if (!m_process.waitForReadyRead(limitMs)) { // it ended, or says nothing
            said += m_process.readAll();
            m_why = QStringLiteral("postgres did not start: ") + QString::fromUtf8(said);
            return false;
        }
        said += m_process.readAll();
    }
    return true;
}

void PostgresServer::stop() {
    ::kill(static_cast<pid_t>(m_process.processId()), SIGINT); // its "fast" shutdown
    m_process.waitForFinished(limitMs);
}

void PostgresServer::kill9() {
    // Its sessions notice that the postmaster is gone, and end.
    ::kill(static_cast<pid_t>(m_process.processId()), SIGKILL);
    m_process.waitForFinished(limitMs);
}

void PostgresServer::freeze(bool frozen) {
    const int number = frozen ? SIGSTOP : SIGCONT;
    const auto postmaster = m_process.processId();
    QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(postmaster));
    QList<QByteArray> pids;
    if (children.open(QIODevice::ReadOnly))
        pids = children.readAll().simplified().split(' ');
    ::kill(static_cast<pid_t>(postmaster), number);
    for (const QByteArray& pid : pids) {
        if (pid.toInt() > 0)
            ::kill(pid.toInt(), number);
    }
}

QString PostgresServer::newDatabase() {
    if (m_databases == 0 &&
        !runTool(QStringLiteral("psql"),
                 {QStringLiteral("-X"), QStringLiteral("-h"), m_folder.path(), QStringLiteral("-p"),
                  QString::number(m_port), QStringLiteral("-U"), QStringLiteral("super"),
                  QStringLiteral("-d"), QStringLiteral("postgres"), QStringLiteral("-c"),
                  QStringLiteral("CREATE ROLE vigie LOGIN; "
                                 "CREATE ROLE locked LOGIN PASSWORD 'open sesame'")}))
        qFatal("%s", qPrintable(m_why));
    const QString name = QStringLiteral("fleet%1").arg(++m_databases);
    if (!runTool(QStringLiteral("createdb"),
                 {QStringLiteral("-h"), m_folder.path(), QStringLiteral("-p"),
                  QString::number(m_port), QStringLiteral("-U"), QStringLiteral("super"),
                  QStringLiteral("-O"), QStringLiteral("vigie"), name}))
        qFatal("%s", qPrintable(m_why));
    return QStringLiteral("postgresql://vigie@127.0.0.1:%1/%2").arg(m_port).arg(name);
}

void PostgresServer::empty(const QString& url) {
    (void)sql(url, QStringLiteral("SET client_min_messages = error; "
                                  "DROP SCHEMA IF EXISTS vigie CASCADE"));
}

QString PostgresServer::socketUrl(const QString& url) const {
    return QStringLiteral("postgresql://vigie@:%1/%2?host=%3")
        .arg(QString::number(m_port), url.section(u'/', -1), m_folder.path());
}

QString PostgresServer::sql(const QString& url, const QString& statements) {
    if (!runTool(QStringLiteral("psql"),
                 {QStringLiteral("-XqAt"), QStringLiteral("-h"), m_folder.path(),
                  QStringLiteral("-p"), QString::number(m_port), QStringLiteral("-U"),
                  QStringLiteral("super"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                  QStringLiteral("-d"), url.section(u'/', -1), QStringLiteral("-c"), statements}))
        qFatal("%s", qPrintable(m_why));
    return m_lastOutput;
}

void PostgresServer::endSessions(const QString& url) {
    (void)sql(url, QStringLiteral("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                                  "WHERE datname = '%1' AND application_name LIKE 'vigied%'")
                       .arg(url.section(u'/', -1)));
}

} // namespace vigie
