// `vigied service check` as a shell sees it.

#include "tests/core/services/servicebench.h"
#include "tests/support/program.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

QStringList words(const char* service, const FakeService& fake, const QStringList& more = {}) {
    return QStringList{QStringLiteral("service"), QStringLiteral("check"),
                       QString::fromLatin1(service), QStringLiteral("--url"),
                       fake.url().toString()} +
           more;
}

} // namespace

class TestServiceCommand : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString fileWith(const QString& name, const QByteArray& content) {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) < 0)
            qFatal("can't write %s", qPrintable(path));
        return path;
    }

private Q_SLOTS:
    void aHealthyServiceIsZero() {
        FakeOllama fake;
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(words("ollama", fake)), 0);
        const QByteArray line = vigied.standardOutput();
        QVERIFY2(line.startsWith("ollama " + fake.url().toString().toUtf8() + ": healthy in "),
                 line.constData());
        QVERIFY(line.contains("version 0.5.1, 2 models"));
        QCOMPARE(line.count('\n'), 1);
        QCOMPARE(vigied.standardError(), QByteArray());
    }

    void anUnhealthyOneIsOne() {
        FakeOllama fake;
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(words(
                     "ollama", fake,
                     {QStringLiteral("--model"), QStringLiteral("x"), QStringLiteral("--json")})),
                 1);
        const QJsonDocument said = QJsonDocument::fromJson(vigied.standardOutput());
        QCOMPARE(said[QStringLiteral("healthy")].toBool(true), false);
        QCOMPARE(said[QStringLiteral("error_class")].toString(), QStringLiteral("model_not_found"));
    }

    void wrongUseIsTwo() {
        FakeOllama fake;
        for (const QStringList& wrong :
             {words("olama", fake), words("ollama", fake, {QStringLiteral("--modell")}),
              words("storage", fake),
              words("ollama", fake, {QStringLiteral("--key-file"), QStringLiteral("/nowhere")})}) {
            Program vigied(QStringLiteral("vigied"));
            QCOMPARE(vigied.run(wrong), 2);
            QCOMPARE(vigied.standardError().count('\n'), 1);
            QCOMPARE(vigied.standardOutput(), QByteArray());
        }
        QCOMPARE(fake.received(), 0);
    }

    // The secret is in a file or in the environment, and nowhere in what is printed.
    void secretsStaySecret() {
        FakeS3 fake;
        const QString key = fileWith(QStringLiteral("key"), "AKIDFIXTURE fixture/secret+key\n");
        const QStringList right = {QStringLiteral("--key-file"), key, QStringLiteral("--bucket"),
                                   QString::fromLatin1(FakeS3::bucket)};
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(words("storage", fake, right)), 0);
        Program fromEnvironment(QStringLiteral("vigied"));
        fromEnvironment.setEnvironment(QStringLiteral("AWS_ACCESS_KEY_ID"),
                                       QString::fromLatin1(FakeS3::accessKeyId));
        fromEnvironment.setEnvironment(QStringLiteral("AWS_SECRET_ACCESS_KEY"),
                                       QStringLiteral("not-the-right-secret"));
        QCOMPARE(fromEnvironment.run(
                     words("storage", fake,
                           {QStringLiteral("--bucket"), QString::fromLatin1(FakeS3::bucket)})),
                 1);
        QVERIFY(fromEnvironment.standardOutput().contains("invalid_key"));
        Program printing(QStringLiteral("vigied"));
        printing.setEnvironment(QStringLiteral("AWS_SECRET_ACCESS_KEY"),
                                QStringLiteral("not-the-right-secret"));
        QCOMPARE(printing.run(words("storage", fake, {QStringLiteral("--print-config")})), 0);
        for (const Program* each : {&vigied, &fromEnvironment, &printing}) {
            const QByteArray all = each->standardOutput() + each->standardError();
            QVERIFY(!all.contains("fixture/secret"));
            QVERIFY(!all.contains("not-the-right-secret"));
        }
    }

    // As they strike the daemon's calls and those of `vigied task run`.
    void faultsStrikeItsCalls() {
        FakeOllama fake;
        const QString rules = fileWith(QStringLiteral("faults.toml"),
                                       "[all]\nkey = \"ollama:*\"\nrate = 1\nerror_class = "
                                       "\"quota_exceeded\"\n");
        Program struck(QStringLiteral("vigied"));
        struck.setEnvironment(QStringLiteral("VIGIE_RESILIENCE_FAULTS"), rules);
        QCOMPARE(struck.run(words("ollama", fake)), 1);
        QVERIFY(struck.standardOutput().contains("quota_exceeded"));
        QVERIFY(struck.standardError().contains("fault injection is on"));
        fileWith(QStringLiteral("faults.toml"), "[all]\nrate = 2\n");
        Program refused(QStringLiteral("vigied"));
        refused.setEnvironment(QStringLiteral("VIGIE_RESILIENCE_FAULTS"), rules);
        QCOMPARE(refused.run(words("ollama", fake)), 2);
    }

    // [services.*] and [resilience.errors] share one file with the daemon.
    void readsTheDaemonsConfiguration() {
        FakeOllama fake;
        const QString rules =
            fileWith(QStringLiteral("rules.toml"), "[rules.teapot]\nstatus = \"418\"\nclass = "
                                                   "\"quota_exceeded\"\n");
        const QString config =
            fileWith(QStringLiteral("vigied.toml"),
                     "[services.ollama]\nurl = \"" + fake.url().toString().toUtf8() +
                         "\"\n[resilience.errors]\nrules_file = \"" + rules.toUtf8() +
                         "\"\n[server]\nlisten = \"127.0.0.1:0\"\n");
        const QStringList asked = {QStringLiteral("service"), QStringLiteral("check"),
                                   QStringLiteral("ollama"), QStringLiteral("--config"), config};
        fake.misbehave({faults::answer(418)});
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(asked), 1);
        QVERIFY2(vigied.standardOutput().contains("quota_exceeded"),
                 vigied.standardOutput().constData());
        // The profile says that nothing is tried again.
        const QString profiles =
            fileWith(QStringLiteral("profiles.toml"), "[api.retry]\nattempts = 1\n");
        fake.misbehave({faults::answer(500)});
        Program once(QStringLiteral("vigied"));
        once.setEnvironment(QStringLiteral("VIGIE_RESILIENCE_PROFILES"), profiles);
        QCOMPARE(once.run(asked), 1);
        QVERIFY2(once.standardOutput().contains("server_error"),
                 (once.standardOutput() + once.standardError()).constData());
        fileWith(QStringLiteral("rules.toml"), "[rules.teapot]\nstatus = \"4x8\"\n");
        Program refused(QStringLiteral("vigied"));
        QCOMPARE(refused.run(asked), 2);
        QVERIFY(refused.standardError().contains("rules.toml:2: rules.teapot.status"));
    }
};

QTEST_GUILESS_MAIN(TestServiceCommand)
#include "tst_servicecommand.moc"
