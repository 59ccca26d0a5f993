// A daemon that speaks TLS, from its settings to a worker that is ready.

#include "tests/core/orchestrator/daemon/daemonfixture.h"
#include "tests/support/program.h"
#include "tests/support/testcertificate.h"

#include <QSslConfiguration>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

class TestDaemonTls : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const TestCertificate m_own = makeTestCertificate();

    QString file(const char* name, const QByteArray& text) const {
        QFile out(m_folder.filePath(QLatin1String(name)));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("can't write %s", name);
        return out.fileName();
    }

private Q_SLOTS:
    void workersOfThisMachineBecomeReady() {
        QTemporaryDir folder;
        DaemonFixture daemon(folder.path(),
                             {{QStringLiteral("tls-certificate"), {file("server.pem", m_own.pem)}},
                              {QStringLiteral("tls-key"), {file("server.key", m_own.keyPem)}}});
        QCOMPARE(daemon.listening.url.scheme(), QStringLiteral("https"));
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates({m_own.certificate});
        daemon.http.setTls(tls);
        const QString id = daemon.deploy();
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
        // Silence counts only while the own address answers, which is the plain one at home.
        const auto verdict = [&] {
            return daemon.get(QStringLiteral("/instances/") + id)
                .object()
                .value(QLatin1String("assessment"))
                .toObject()
                .value(QLatin1String("verdict"))
                .toString();
        };
        QTRY_COMPARE_WITH_TIMEOUT(verdict(), QStringLiteral("alive"), 20'000);
    }

    void mistakes_data() {
        QTest::addColumn<QStringList>("flags");
        QTest::addColumn<QString>("says");
        const QString pem = file("a.pem", m_own.pem);
        const QString key = file("a.key", m_own.keyPem);
        QTest::newRow("no key") << QStringList{QStringLiteral("--tls-certificate"), pem}
                                << QStringLiteral("--tls-key");
        QTest::newRow("client CA alone") << QStringList{QStringLiteral("--tls-client-ca"), pem}
                                         << QStringLiteral("--tls-client-ca");
        QTest::newRow("no such file")
            << QStringList{QStringLiteral("--tls-certificate"), QStringLiteral("/no/such.pem"),
                           QStringLiteral("--tls-key"), key}
            << QStringLiteral("/no/such.pem");
    }
    void mistakes() {
        QFETCH(QStringList, flags);
        QFETCH(QString, says);
        Program vigied(QStringLiteral("vigied"));
        flags +=
            {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--store"),
             QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("f.db"))};
        QCOMPARE(vigied.run(flags), 2);
        const QByteArray err = vigied.standardError();
        QVERIFY2(err.contains(says.toUtf8()) && err.count('\n') == 1, err.constData());
    }

    // With TLS an address that others can reach needs no further consent.
    void othersMayReachItThen() {
        QTemporaryDir folder;
        Program vigied(QStringLiteral("vigied"));
        const QJsonObject line = vigied.startAndListen(
            {QStringLiteral("--listen"), QStringLiteral("0.0.0.0:0"),
             QStringLiteral("--tls-certificate"), file("b.pem", m_own.pem),
             QStringLiteral("--tls-key"), file("b.key", m_own.keyPem), QStringLiteral("--store"),
             QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))});
        QVERIFY2(line.value(QLatin1String("url")).toString().startsWith(QLatin1String("https://")),
                 vigied.standardError().constData());
    }
};

QTEST_GUILESS_MAIN(TestDaemonTls)
#include "tst_daemontls.moc"
