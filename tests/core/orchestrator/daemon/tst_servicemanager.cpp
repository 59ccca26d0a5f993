// What systemd hears of a vigied: over a socket like systemd's own.

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/program.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace vigie;

namespace {

/// The receiving end of NOTIFY_SOCKET.
class NotifySocket {
public:
    explicit NotifySocket(const QByteArray& path)
        : m_descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.constData(), static_cast<size_t>(path.size()));
        if (::bind(m_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            qFatal("can't bind %s", path.constData());
    }
    ~NotifySocket() { ::close(m_descriptor); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    QByteArray next() {
        char text[512];
        const ssize_t size = ::recv(m_descriptor, text, sizeof text, 0);
        return size > 0 ? QByteArray(text, size) : QByteArray();
    }
    /// Whether it was ever told this; what is waited for is asked more than once.
    bool heard(const char* what) {
        for (QByteArray said = next(); !said.isEmpty(); said = next())
            m_heard += said + '\n';
        return m_heard.contains(what);
    }

private:
    QByteArray m_heard;
    int m_descriptor;
};

QList<QByteArray> linesOfTheUnit() {
    QFile unit(QStringLiteral(VIGIE_SOURCE_DIR "/packaging/systemd/vigied.service"));
    return unit.open(QIODevice::ReadOnly) ? unit.readAll().split('\n') : QList<QByteArray>{};
}

} // namespace

class TestServiceManager : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readyAliveAndStopping() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("notify"));
        NotifySocket socket(path.toLocal8Bit());
        Program vigied(QStringLiteral("vigied"));
        vigied.setEnvironment(QStringLiteral("NOTIFY_SOCKET"), path);
        vigied.setEnvironment(QStringLiteral("WATCHDOG_USEC"), QStringLiteral("100000"));
        const QJsonObject line = vigied.startAndListen(
            {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--store"),
             QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))});
        QVERIFY(!line.isEmpty());
        QTRY_VERIFY(socket.heard("READY=1\nSTATUS=listening on http://127.0.0.1:"));
        QTRY_VERIFY(socket.heard("WATCHDOG=1"));
        vigied.signal(SIGTERM);
        QTRY_VERIFY(socket.heard("STOPPING=1"));
        QVERIFY(vigied.waitForEnd(20'000));
        QCOMPARE(vigied.exitCode(), 0);
    }

    void theUnitsOneFolderIsEnoughForAll() {
        QTemporaryDir varLib;
        QVERIFY(QDir(varLib.path()).mkdir(QStringLiteral("vigie"))); // StateDirectory
        Program vigied(QStringLiteral("vigied"));
        vigied.setEnvironment(QStringLiteral("HOME"), QStringLiteral("/proc/nowhere"));
        int variables = 0;
        for (const QByteArray& line : linesOfTheUnit()) {
            if (!line.startsWith("Environment="))
                continue;
            const QString text = QString::fromUtf8(line.mid(line.indexOf('=') + 1));
            vigied.setEnvironment(
                text.section(u'=', 0, 0),
                text.section(u'=', 1).replace(QLatin1String("/var/lib"), varLib.path()));
            ++variables;
        }
        QVERIFY(variables > 0);
        const QJsonObject line = vigied.startAndListen(
            {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--store"),
             QStringLiteral("sqlite:") + varLib.filePath(QStringLiteral("vigie/fleet.db"))});
        QVERIFY2(!line.isEmpty(), vigied.standardError().constData());
        Caller caller(line);
        for (const char* path : {"/tasks", "/dead_letters", "/checkpoints"})
            QCOMPARE(caller.call(caller.request("GET", QLatin1String(path))).status, 200);
        QCOMPARE(QDir(varLib.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
                 QStringList(QStringLiteral("vigie")));
    }

    void aCallThatTheUnitForbidsIsRefusedAndKillsNobody() {
        QVERIFY(linesOfTheUnit().contains("SystemCallErrorNumber=EPERM"));
    }
};

QTEST_GUILESS_MAIN(TestServiceManager)
#include "tst_servicemanager.moc"
