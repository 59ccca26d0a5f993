#include "core/store/postgres/clienttools.h"

#include <QProcess>
#include <QStandardPaths>

namespace vigie::stores::postgres {

namespace {

/// "sslmode='require'" as the variable PGSSLMODE; see Address::options.
void setOption(QProcessEnvironment& environment, const QString& option) {
    const qsizetype equals = option.indexOf(u'=');
    QString value = option.mid(equals + 2).chopped(1); // without its quotes
    value.replace(QLatin1String("\\'"), QLatin1String("'"))
        .replace(QLatin1String("\\\\"), QLatin1String("\\"));
    environment.insert(QStringLiteral("PG") + option.left(equals).toUpper(), value);
}

QString lastWords(const QByteArray& standardError) {
    QString text = QString::fromLocal8Bit(standardError).simplified();
    if (text.size() > 400)
        text = QStringLiteral("... ") + text.right(400);
    return text;
}

} // namespace

ClientTools::ClientTools(const Address& address)
    : m_environment(QProcessEnvironment::systemEnvironment()) {
    m_environment.insert(QStringLiteral("PGHOST"), address.host);
    m_environment.insert(QStringLiteral("PGPORT"), QString::number(address.port));
    m_environment.insert(QStringLiteral("PGUSER"), address.user);
    m_environment.insert(QStringLiteral("PGDATABASE"), address.database);
    m_environment.insert(QStringLiteral("PGCONNECT_TIMEOUT"), QStringLiteral("5"));
    m_environment.insert(QStringLiteral("PGAPPNAME"), QStringLiteral("vigied store"));
    if (!address.password.isEmpty())
        m_environment.insert(QStringLiteral("PGPASSWORD"), address.password);
    for (const QString& option : address.options)
        setOption(m_environment, option);
}

Outcome<QByteArray> ClientTools::run(const QString& program, const QStringList& arguments) const {
    const QString path = QStandardPaths::findExecutable(program);
    if (path.isEmpty())
        return fail(
            FailureKind::Storage,
            QStringLiteral("%1 is not installed; it comes with PostgreSQL's client programs "
                           "(Debian: apt install postgresql-client).")
                .arg(program));
    QProcess process;
    process.setProcessEnvironment(m_environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(path, arguments);
    process.waitForFinished(-1);
    if (process.error() != QProcess::FailedToStart &&
        process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return process.readAllStandardOutput();
    const QString words = lastWords(process.readAllStandardError());
    return fail(FailureKind::Storage,
                QStringLiteral("%1 failed: %2.")
                    .arg(program, words.isEmpty() ? process.errorString() : words));
}

} // namespace vigie::stores::postgres
