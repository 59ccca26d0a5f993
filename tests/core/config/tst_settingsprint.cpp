// What --print-config shows: every value with its origin, no secret, and TOML that reads back.

#include "core/config/tomlcodec.h"
#include "tests/core/config/settingsfixture.h"

#include <QTest>

using namespace vigie;

class TestSettingsPrint final : public QObject {
    Q_OBJECT

    const PolicyFile m_file;

    QString file(const QByteArray& content) const { return m_file.write(content); }

private Q_SLOTS:
    void neverPrintsSecrets() {
        SettingsInput input;
        input.environment = {{QStringLiteral("VIGIE_TOKEN"), QStringLiteral("hunter2")}};
        input.file = file("token = 'hunter3'\n");
        const auto settings = Settings::read(specs(), input);
        QVERIFY(settings);
        QCOMPARE(settings->text(QStringLiteral("token")), QStringLiteral("hunter2"));
        QCOMPARE(settings->warnings().size(), 1);
        const QString all = settings->print() + settings->warnings().first();
        QVERIFY2(!all.contains(QStringLiteral("hunter")), qUtf8Printable(all));
        QVERIFY(all.contains(QStringLiteral("token = \"(set)\" # environment VIGIE_TOKEN")));

        input.environment = {{QStringLiteral("VIGIE_TOKENS"), QStringLiteral("hunter2")}};
        const auto mistyped = Settings::read(specs(), input);
        QVERIFY(mistyped);
        QVERIFY(!mistyped->warnings().join(u'\n').contains(QStringLiteral("hunter")));
    }

    void printsTomlThatReadsBack() {
        SettingsInput input;
        input.file = file("listen = \"a\\\"b\\\\c\\nd\\u0001é\"\n[watchdog]\nshare = 0.1\n");
        input.environment = {
            {QStringLiteral("WORKER_HEARTBEAT_TIMEOUT_SECONDS"), QStringLiteral("0.25")}};
        input.flags[QStringLiteral("host")] = {QStringLiteral("one,two"), QStringLiteral("three")};
        const auto settings = Settings::read(specs(), input);
        QVERIFY(settings);
        const QString printed = settings->print();
        QVERIFY2(printed.contains(QStringLiteral(
                     "threshold_seconds = 0.25 # environment WORKER_HEARTBEAT_TIMEOUT_SECONDS")),
                 qUtf8Printable(printed));
        QVERIFY(printed.contains(QStringLiteral("share = 0.1 # file %1:3").arg(input.file)));
        QVERIFY(printed.contains(QStringLiteral("hosts = [\"one,two\", \"three\"] # --host")));
        QVERIFY(printed.contains(QStringLiteral("batch = 50 # default")));

        const auto entries = readToml(printed.toUtf8(), QStringLiteral("printed"));
        QVERIFY2(entries, entries ? "" : qUtf8Printable(entries.error().message));
        QCOMPARE(entries->size(), specs().size());
        SettingsInput again;
        again.file = file(printed.toUtf8());
        const auto reread = Settings::read(specs(), again);
        QVERIFY(reread);
        QCOMPARE(reread->text(QStringLiteral("listen")), settings->text(QStringLiteral("listen")));
        QCOMPARE(reread->textList(QStringLiteral("http.hosts")),
                 settings->textList(QStringLiteral("http.hosts")));
    }
};

QTEST_GUILESS_MAIN(TestSettingsPrint)
#include "tst_settingsprint.moc"
