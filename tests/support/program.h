#pragma once

#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QUrl>

namespace vigie {

/// One of our programs as a real process. It is killed by its pid when this object dies.
class Program : public QObject {
    Q_OBJECT
public:
    /// `name`: a program of the build ("vigied") or an absolute path.
    explicit Program(const QString& name, QObject* parent = nullptr);
    ~Program() override;

    void setEnvironment(const QString& variable, const QString& value);
    void start(const QStringList& arguments);

    /// Starts and waits for the one JSON line {"event":"listening",...} on stdout; an empty object
    /// when the program ended or `timeoutMs` passed first (standardError() then tells why).
    QJsonObject startAndListen(const QStringList& arguments, int timeoutMs = 30'000);

    /// Runs to its end and returns the exit code; -1 when it was killed after `timeoutMs`.
    int run(const QStringList& arguments, int timeoutMs = 30'000);

    void signal(int number); ///< SIGKILL, SIGSTOP, ...
    bool waitForEnd(int timeoutMs = 20'000);
    void kill9();

    qint64 pid() const { return m_process.processId(); }
    int exitCode() const { return m_process.exitCode(); }
    bool running() const { return m_process.state() == QProcess::Running; }
    QByteArray standardOutput() const { return m_out; }
    QByteArray standardError() const { return m_err; }

private:
    QString m_path;
    QProcess m_process;
    QProcessEnvironment m_environment;
    QByteArray m_out;
    QByteArray m_err;
};

} // namespace vigie
