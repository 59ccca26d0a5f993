#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace vigie;

namespace {

const QByteArray deployment = "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                              "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}";

} // namespace

class TestVigied : public QObject {
    Q_OBJECT

private:
    // A free port and a store in `folder`, unless `more` says otherwise.
    static QStringList arguments(const QTemporaryDir& folder, QStringList more = {}) {
        if (!more.contains(QLatin1String("--listen")))
            more << QStringLiteral("--listen") << QStringLiteral("127.0.0.1:0");
        if (!more.contains(QLatin1String("--store")))
            more << QStringLiteral("--store")
                 << QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"));
        return more;
    }

private Q_SLOTS:
    void oneLineOnStdoutAndACleanEnd() {
        QTemporaryDir folder;
        for (const int signal : {SIGTERM, SIGINT}) {
            Program vigied(QStringLiteral("vigied"));
            const QJsonObject line = vigied.startAndListen(arguments(folder));
            QCOMPARE(line.value(QLatin1String("event")).toString(), QStringLiteral("listening"));
            QVERIFY(line.value(QLatin1String("token_file")).isString());
            Caller caller(line);
            QCOMPARE(caller.call(caller.request("GET", QStringLiteral("/whoami"))).status, 200);
            vigied.signal(signal);
            QVERIFY(vigied.waitForEnd());
            QCOMPARE(vigied.exitCode(), 0);
            QCOMPARE(vigied.standardOutput().count('\n'), 1);
            for (const QByteArray& log : vigied.standardError().split('\n')) {
                if (!log.isEmpty())
                    QVERIFY2(QJsonDocument::fromJson(log).isObject(), log.constData());
            }
        }
    }

    void mistakesAreOneLineEach_data() {
        QTest::addColumn<QString>("flags");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown flag") << "--lisen x" << 2 << "--listen";
        QTest::newRow("address") << "--listen here" << 2 << "ADDRESS:PORT";
        QTest::newRow("open to all") << "--listen 0.0.0.0:0" << 2 << "--insecure-http";
        QTest::newRow("provider") << "--provider moon" << 2 << "moon";
        QTest::newRow("store scheme") << "--store mysql:x" << 2 << "sqlite:";
        QTest::newRow("store folder")
            << "--store sqlite:/no/such/folder/f.db" << 1 << "/no/such/folder";
        QTest::newRow("policy file")
            << "--policy /no/such/policy.toml" << 2 << "/no/such/policy.toml";
    }
    void mistakesAreOneLineEach() {
        QFETCH(QString, flags);
        QFETCH(int, code);
        QFETCH(QString, says);
        QTemporaryDir folder;
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(arguments(folder, flags.split(QLatin1Char(' ')))), code);
        QVERIFY(vigied.standardOutput().isEmpty());
        const QByteArray err = vigied.standardError();
        QVERIFY2(err.contains(says.toUtf8()), err.constData());
        QVERIFY2(err.startsWith("vigied: ") && err.count('\n') == 1, err.constData());
    }

    void aBusyPortAndABrokenDatabase() {
        QTemporaryDir folder;
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const QString address = QStringLiteral("127.0.0.1:%1").arg(other.serverPort());
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(arguments(folder, {QStringLiteral("--listen"), address})), 1);
        QVERIFY(vigied.standardError().contains(QByteArray::number(other.serverPort())));

        QFile broken(folder.filePath(QStringLiteral("broken.db")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(QByteArray(8192, 'x'));
        broken.close();
        Program again(QStringLiteral("vigied"));
        QCOMPARE(again.run(arguments(folder, {QStringLiteral("--store"),
                                              QStringLiteral("sqlite:") + broken.fileName()})),
                 1);
        QVERIFY2(again.standardError().contains("broken.db"), again.standardError().constData());
    }

    void aTokenMadeBeforeTheStartWorks() {
        QTemporaryDir folder;
        Program maker(QStringLiteral("vigied"));
        QCOMPARE(
            maker.run({QStringLiteral("token"), QStringLiteral("create"), QStringLiteral("--name"),
                       QStringLiteral("alice"), QStringLiteral("--role"), QStringLiteral("viewer"),
                       QStringLiteral("--store"),
                       QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))}),
            0);
        const QByteArray token = maker.standardOutput().trimmed();
        QVERIFY(token.size() >= 32);
        Program vigied(QStringLiteral("vigied"));
        const QJsonObject line = vigied.startAndListen(arguments(folder));
        QVERIFY(!line.contains(QLatin1String("token_file")));
        Caller caller(line);
        HttpRequest request = caller.request("GET", QStringLiteral("/whoami"));
        request.headers = {{"Authorization", "Bearer " + token}};
        const Answered answer = caller.call(std::move(request));
        QVERIFY2(answer.body.contains("\"actor\":\"alice\""), answer.body.constData());
    }

    // Deployments are asked without a pause while the daemon is killed: at once, while machines are
    // being made, while workers start. Whatever was answered with 202 is there after the restart,
    // with one machine, and ends ready.
    void killedDuringDeploymentsNothingIsLost() {
        QTemporaryDir folder;
        QString address = QStringLiteral("127.0.0.1:0"); // later the same: workers know it
        const auto start = [&](Program& vigied) {
            for (const char* name :
                 {"BOOT", "INSTALL", "LOAD", "LATENCY", "WORKER_HEARTBEAT_INTERVAL"})
                vigied.setEnvironment(
                    QStringLiteral("VIGIE_PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(name)),
                    QStringLiteral("0.05"));
            for (const char* name : {"PROVISIONING", "HEALTH_CHECK"})
                vigied.setEnvironment(
                    QStringLiteral("VIGIE_JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(name)),
                    QStringLiteral("0.1"));
            const QJsonObject line = vigied.startAndListen(
                arguments(folder, {QStringLiteral("--listen"), address,
                                   QStringLiteral("--log-level"), QStringLiteral("error")}));
            const QUrl url(line.value(QLatin1String("url")).toString());
            address = QStringLiteral("127.0.0.1:%1").arg(url.port());
            return line;
        };
        const auto anyIs = [](Caller& caller, const QString& status) {
            const QJsonArray all = caller.instances();
            return std::any_of(all.begin(), all.end(), [&](const QJsonValue& row) {
                return row.toObject().value(QLatin1String("status")).toString() == status;
            });
        };
        QSet<QString> accepted;
        for (const char* when : {"provisioning", "booting", "starting"}) {
            Program vigied(QStringLiteral("vigied"));
            Caller caller(start(vigied));
            for (int sent = 1, kill = 0; !kill; ++sent) {
                kill = sent % 5 == 0 && (sent >= 200 || anyIs(caller, QLatin1String(when)));
                HttpRequest request =
                    caller.request("POST", QStringLiteral("/deployments"), deployment);
                auto pending = caller.http().send(std::move(request), {});
                if (kill)
                    vigied.kill9();
                const auto reply = *await(std::move(pending));
                if (reply && reply->status == 202) {
                    accepted.insert(QJsonDocument::fromJson(reply->body)
                                        .object()
                                        .value(QLatin1String("instance_id"))
                                        .toString());
                }
            }
        }
        Program vigied(QStringLiteral("vigied"));
        Caller caller(start(vigied));
        const auto allReady = [&] {
            QSet<QString> ready;
            for (const QJsonValue& row : caller.instances()) {
                const QJsonObject instance = row.toObject();
                if (instance.value(QLatin1String("status")).toString() == QLatin1String("ready"))
                    ready.insert(instance.value(QLatin1String("id")).toString());
            }
            return ready.contains(accepted);
        };
        QTRY_VERIFY_WITH_TIMEOUT(allReady(), 40'000);
        QSet<QString> machines;
        const QJsonArray all = caller.instances();
        for (const QJsonValue& row : all)
            machines.insert(row.toObject().value(QLatin1String("provider_instance_id")).toString());
        QCOMPARE(machines.size(), all.size());
    }
};

QTEST_GUILESS_MAIN(TestVigied)
#include "tst_vigied.moc"
