#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace vigie {

/// Debian's PostgreSQL in a folder of its own, on a free port of the loopback address and on a Unix
/// socket, as a user that isn't root. Ended by its process id when this object dies.
class PostgresServer {
public:
    enum class Disk {
        Quick, ///< nothing is flushed; good for everything but crashes of the server
        Safe
    };
    PostgresServer() = default;
    ~PostgresServer();

    /// Makes the folder at the first call and starts the server; false with why() filled when it
    /// takes no connections. Nothing to do while it runs. After stop() or kill9() it starts again,
    /// on the same port.
    bool start(Disk disk = Disk::Quick);
    void stop();              ///< ends all sessions and waits for the end
    void kill9();             ///< as if the machine had died
    void freeze(bool frozen); ///< SIGSTOP or SIGCONT, to it and to its sessions
    bool running() const { return m_process.state() == QProcess::Running; }
    QString why() const { return m_why; }

    /// Makes an empty database that belongs to the role "vigie", which needs no password; its URL.
    QString newDatabase();
    /// Drops what vigied made in a database; much quicker than a new one.
    void empty(const QString& url);
    /// The same database by way of the Unix socket.
    QString socketUrl(const QString& url) const;
    int port() const { return m_port; }

    /// Runs statements as the superuser in the database of `url`; what psql printed, trimmed.
    QString sql(const QString& url, const QString& statements);
    /// Ends every session of vigied at the database of `url`.
    void endSessions(const QString& url);

private:
    bool makeFolder();
    bool makeCluster();
    bool runTool(const QString& tool, const QStringList& arguments);
    QString folder(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QTemporaryDir m_folder;
    QProcess m_process;
    QString m_why;
    QString m_lastOutput;
    int m_port = 0;
    int m_databases = 0;
    bool m_made = false;
};

} // namespace vigie
