// `vigied token` beside a vigied that runs.

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/core/orchestrator/daemon/vigiedcommand.h"
#include "tests/support/program.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;

class TestTokenCommand : public QObject {
    Q_OBJECT

private:
    Ran token(const QString& words) const {
        QStringList arguments{QStringLiteral("token")};
        arguments += words.split(QLatin1Char(' '));
        arguments += {QStringLiteral("--store"), m_store};
        return runVigied(arguments);
    }
    static int statusOf(Caller& caller, const QByteArray& token) {
        HttpRequest request = caller.request("GET", QStringLiteral("/jobs"));
        request.headers = {{"Authorization", "Bearer " + token}};
        return caller.call(std::move(request)).status;
    }

    QTemporaryDir m_folder;
    const QString m_store =
        QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("fleet.db"));

private Q_SLOTS:
    void besideARunningDaemon() {
        Program vigied(QStringLiteral("vigied"));
        const QJsonObject line =
            vigied.startAndListen({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                   QStringLiteral("--store"), m_store});
        Caller caller(line);

        const Ran made = token(QStringLiteral("create --role viewer --name ada --expires-in 1h"));
        QVERIFY2(made.code == 0, made.err.constData());
        const QByteArray ada = made.out.trimmed();
        QVERIFY(ada.size() >= 32);
        // Within two seconds, both ways.
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, ada), 200, 2000);
        QCOMPARE(token(QStringLiteral("create --role admin --name ada")).code, 1);

        const Ran listed = token(QStringLiteral("list --json"));
        QCOMPARE(listed.code, 0);
        QVERIFY(listed.out.contains("\"name\":\"ada\"") &&
                listed.out.contains("\"role\":\"viewer\""));
        QVERIFY(!listed.out.contains(ada));
        QVERIFY(token(QStringLiteral("list")).out.contains("expires in 59 min"));

        QCOMPARE(token(QStringLiteral("revoke ada")).code, 0);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, ada), 401, 2000);
        QVERIFY(vigied.running());
        vigied.signal(SIGTERM);
        QVERIFY(vigied.waitForEnd());
        // The daemon left a store that it can open again.
        QCOMPARE(token(QStringLiteral("list")).out.count('\n'), 1);
    }

    void mistakes_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("no role") << "create --name a"
                                 << "--role";
        QTest::newRow("role") << "create --name a --role king"
                              << "king";
        QTest::newRow("worker") << "create --name a --role worker"
                                << "register";
        QTest::newRow("no name") << "create --role viewer"
                                 << "--name";
        QTest::newRow("name") << "create --role viewer --name a/b"
                              << "a/b";
        QTest::newRow("time") << "create --role viewer --name a --expires-in soon"
                              << "soon";
        QTest::newRow("no time") << "create --role viewer --name a --expires-in 0s"
                                 << "0s";
        QTest::newRow("nobody") << "revoke nobody"
                                << "nobody";
        QTest::newRow("verb") << "grant x"
                              << "create";
    }
    void mistakes() {
        QFETCH(QString, words);
        QFETCH(QString, says);
        const Ran ran = token(words);
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()) && ran.err.count('\n') == 1, ran.err.constData());
        QVERIFY(ran.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTokenCommand)
#include "tst_tokencommand.moc"
