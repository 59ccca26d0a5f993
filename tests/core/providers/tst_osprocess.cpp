#include "core/providers/process/osprocess.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace vigie;

namespace {

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestOsProcess : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    std::vector<ProcessIdentity> m_started;

    ProcessIdentity shell(const QString& script, const QList<QByteArray>& environment = {}) {
        SpawnRequest request;
        request.program = QStringLiteral("/bin/sh");
        request.arguments = {QStringLiteral("-c"), script};
        request.environment = environment;
        request.directory = m_directory.path();
        request.standardOutput = m_directory.filePath(QStringLiteral("out"));
        request.standardError = m_directory.filePath(QStringLiteral("err"));
        const auto process = osprocess::spawn(request);
        if (!process)
            qFatal("%s", qPrintable(process.error().message));
        m_started.push_back(*process);
        return *process;
    }

private Q_SLOTS:
    void cleanup() {
        for (const ProcessIdentity& process : std::exchange(m_started, {})) {
            osprocess::send(process, SIGKILL);
            QTRY_VERIFY(!osprocess::alive(process));
        }
        QFile::remove(m_directory.filePath(QStringLiteral("out")));
    }

    void runsWithExactlyWhatItIsGiven() {
        QTcpServer ours; // a descriptor that must not leak
        QVERIFY(ours.listen(QHostAddress::LocalHost));
        const int leaky = ::dup(0); // without close-on-exec
        const ProcessIdentity process = shell(
            QStringLiteral("echo \"$A-$HOME-$PWD\"; ls /proc/$$/fd; exec sleep 1000"), {"A=b"});
        QVERIFY(osprocess::alive(process));
        const QString out = m_directory.filePath(QStringLiteral("out"));
        QTRY_COMPARE(contents(out).count('\n'), 4);
        QCOMPARE(contents(out),
                 "b--" + QDir(m_directory.path()).canonicalPath().toLocal8Bit() + "\n0\n1\n2\n");
        // A session of its own: it outlives us.
        QCOMPARE(static_cast<qint64>(::getsid(static_cast<pid_t>(process.pid))), process.pid);
        ::close(leaky);
    }

    void aProgramThatCantRun() {
        SpawnRequest request;
        request.program = QStringLiteral("/nowhere/program");
        request.directory = m_directory.path();
        request.standardOutput = request.standardError = QStringLiteral("/dev/null");
        const auto process = osprocess::spawn(request);
        QVERIFY(!process);
        QVERIFY(process.error().kind == FailureKind::Invalid);
        QVERIFY(process.error().message.contains(QLatin1String("/nowhere/program")));
    }

    void aKilledProcessIsDeadAndReaped() {
        const ProcessIdentity process = shell(QStringLiteral("exec sleep 1000"));
        QVERIFY(osprocess::send(process, SIGKILL));
        QTRY_VERIFY(!osprocess::alive(process));
        // Not even a zombie is left.
        QVERIFY(!QFile::exists(QStringLiteral("/proc/%1").arg(process.pid)));
        QVERIFY(!osprocess::send(process, SIGTERM));
    }

    void aStoppedProcessIsAlive() {
        const ProcessIdentity process = shell(QStringLiteral("exec sleep 1000"));
        QVERIFY(osprocess::send(process, SIGSTOP));
        QVERIFY(osprocess::alive(process));
    }

    void aRecycledPidIsSomebodyElse() {
        const ProcessIdentity process = shell(QStringLiteral("exec sleep 1000"));
        ProcessIdentity before = process;
        before.startTicks -= 1;
        QVERIFY(!osprocess::alive(before));
        QVERIFY(!osprocess::send(before, SIGKILL));
        ProcessIdentity lastBoot = process;
        lastBoot.bootId = QStringLiteral("another");
        QVERIFY(!osprocess::alive(lastBoot));
        QVERIFY(!osprocess::send(lastBoot, SIGKILL));
        QVERIFY(osprocess::alive(process));
        QVERIFY(!osprocess::alive({}));
        QVERIFY(!osprocess::send({}, SIGKILL));
        QVERIFY(!osprocess::send({1, 0, process.bootId}, SIGKILL)); // never init
    }

    void isFoundByItsMark() {
        const QByteArray mark = "MARK=" + m_directory.path().toLocal8Bit();
        QVERIFY(!osprocess::findByEnvironment(mark));
        const ProcessIdentity process =
            shell(QStringLiteral("echo ready; exec sleep 1000"), {"X=1", mark, "Y=2"});
        const QString out = m_directory.filePath(QStringLiteral("out"));
        QTRY_VERIFY(contents(out).contains("ready"));
        // While it becomes `sleep` its environment reads as empty.
        QTRY_VERIFY(osprocess::findByEnvironment(mark) == process);
        QVERIFY(!osprocess::findByEnvironment(mark.chopped(1)));
        QVERIFY(!osprocess::findByEnvironment(mark + "x"));
    }
};

QTEST_GUILESS_MAIN(TestOsProcess)
#include "tst_osprocess.moc"
