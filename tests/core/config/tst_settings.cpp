#include "tests/core/config/settingsfixture.h"

#include <QDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestSettings final : public QObject {
    Q_OBJECT

    const PolicyFile m_file;

    QString file(const QByteArray& content) const { return m_file.write(content); }

    static Outcome<Settings> readEnvironment(QHash<QString, QString> environment) {
        SettingsInput input;
        input.environment = std::move(environment);
        return Settings::read(specs(), input);
    }

private Q_SLOTS:
    void namesVariables() {
        QCOMPARE(specs()[3].path(), QStringLiteral("jobs.worker-watchdog.interval_seconds"));
        QCOMPARE(specs()[3].variable(),
                 QStringLiteral("VIGIE_JOBS_WORKER_WATCHDOG_INTERVAL_SECONDS"));
        QCOMPARE(specs()[0].variable(), QStringLiteral("VIGIE_LISTEN"));
    }

    void givesDefaults() {
        const auto settings = Settings::read(specs(), {});
        QVERIFY(settings);
        QCOMPARE(settings->text(QStringLiteral("listen")), QStringLiteral("127.0.0.1:8003"));
        QCOMPARE(settings->seconds(QStringLiteral("watchdog.threshold_seconds")), 300s);
        QCOMPARE(settings->integer(QStringLiteral("jobs.terminator.batch")), 50);
        QCOMPARE(settings->number(QStringLiteral("watchdog.share")), 0.2);
        QVERIFY(settings->boolean(QStringLiteral("jobs.worker-watchdog.recovery")));
        QVERIFY(settings->textList(QStringLiteral("http.hosts")).isEmpty());
        QVERIFY(!settings->isSet(QStringLiteral("listen")));
        QVERIFY(settings->warnings().isEmpty());
    }

    void readsEveryTypeFromAFile() {
        SettingsInput input;
        input.file = file("listen = '[::1]:1'\n"
                          "format = 'text'\n"
                          "[jobs.worker-watchdog]\ninterval_seconds = 0.05\nrecovery = false\n"
                          "[jobs.terminator]\nbatch = 7\n"
                          "[watchdog]\nthreshold_seconds = 12\nshare = 1\n"
                          "[http]\nhosts = ['a', 'b']\n");
        const auto settings = Settings::read(specs(), input);
        QVERIFY2(settings, settings ? "" : qUtf8Printable(settings.error().message));
        QCOMPARE(settings->text(QStringLiteral("listen")), QStringLiteral("[::1]:1"));
        QCOMPARE(settings->seconds(QStringLiteral("jobs.worker-watchdog.interval_seconds")), 50ms);
        QVERIFY(!settings->boolean(QStringLiteral("jobs.worker-watchdog.recovery")));
        QCOMPARE(settings->integer(QStringLiteral("jobs.terminator.batch")), 7);
        QCOMPARE(settings->seconds(QStringLiteral("watchdog.threshold_seconds")), 12s);
        QCOMPARE(settings->number(QStringLiteral("watchdog.share")), 1.0);
        QCOMPARE(settings->textList(QStringLiteral("http.hosts")),
                 QStringList({QStringLiteral("a"), QStringLiteral("b")}));
        QVERIFY(settings->isSet(QStringLiteral("listen")));
    }

    void strongestSourceWins_data() {
        QTest::addColumn<QString>("flag");
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("seed");
        QTest::addColumn<QString>("inFile");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<int>("warnings");
        const QString none;
        const auto n = [](int number) { return QString::number(number); };
        QTest::newRow("default") << none << none << none << none << 300 << 0;
        QTest::newRow("file") << none << none << none << n(4) << 4 << 0;
        QTest::newRow("seed over file") << none << none << n(3) << n(4) << 3 << 1;
        QTest::newRow("seed same as file") << none << none << n(4) << n(4) << 4 << 0;
        QTest::newRow("variable over seed") << none << n(2) << n(3) << none << 2 << 1;
        QTest::newRow("variable over both") << none << n(2) << n(3) << n(4) << 2 << 2;
        QTest::newRow("flag over all") << n(1) << n(2) << n(3) << n(4) << 1 << 0;
    }

    void strongestSourceWins() {
        QFETCH(QString, flag);
        QFETCH(QString, variable);
        QFETCH(QString, seed);
        QFETCH(QString, inFile);
        SettingsInput input;
        if (!flag.isEmpty())
            input.flags[QStringLiteral("threshold")] = {flag};
        input.environment[QStringLiteral("VIGIE_WATCHDOG_THRESHOLD_SECONDS")] = variable;
        input.environment[QStringLiteral("WORKER_HEARTBEAT_TIMEOUT_SECONDS")] = seed;
        if (!inFile.isEmpty())
            input.file = file("[watchdog]\nthreshold_seconds = " + inFile.toUtf8());
        const auto settings = Settings::read(specs(), input);
        QVERIFY(settings);
        QTEST(int(settings->seconds(QStringLiteral("watchdog.threshold_seconds")) / 1s), "seconds");
        QTEST(int(settings->warnings().size()), "warnings");
        for (const QString& warning : settings->warnings())
            QVERIFY2(warning.contains(QStringLiteral("watchdog.threshold_seconds")),
                     qUtf8Printable(warning));
    }

    void scalesTheSeedsUnit() {
        const auto settings = readEnvironment(
            {{QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("15000")}});
        QVERIFY(settings);
        QCOMPARE(settings->seconds(QStringLiteral("health.interval_seconds")), 15s);
        const auto tooLong = readEnvironment(
            {{QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("60001")}});
        QVERIFY(!tooLong);
        QVERIFY2(tooLong.error().message.contains(QStringLiteral("milliseconds from 100 to 60000")),
                 qUtf8Printable(tooLong.error().message));
    }

    void readsBooleansOfVariables_data() {
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("value");
        for (const char* word : {"true", "1", "yes", "on", "TRUE", " On "})
            QTest::newRow(word) << QString::fromLatin1(word) << true;
        for (const char* word : {"false", "0", "no", "off", "False"})
            QTest::newRow(word) << QString::fromLatin1(word) << false;
    }

    void readsBooleansOfVariables() {
        QFETCH(QString, word);
        const auto settings =
            readEnvironment({{QStringLiteral("VIGIE_JOBS_WORKER_WATCHDOG_RECOVERY"), word}});
        QVERIFY(settings);
        QTEST(settings->boolean(QStringLiteral("jobs.worker-watchdog.recovery")), "value");
    }

    void splitsListsOfVariables() {
        const auto settings =
            readEnvironment({{QStringLiteral("VIGIE_HTTP_HOSTS"), QStringLiteral("a, b,,c ")}});
        QVERIFY(settings);
        QCOMPARE(settings->textList(QStringLiteral("http.hosts")),
                 QStringList({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    }

    void refusesVariables_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("allowed");
        const auto row = [](const char* title, const char* name, const char* value,
                            const char* allowed) {
            QTest::newRow(title) << QString::fromLatin1(name) << QString::fromLatin1(value)
                                 << QString::fromLatin1(allowed);
        };
        const char* interval = "VIGIE_JOBS_WORKER_WATCHDOG_INTERVAL_SECONDS";
        const char* seconds = "seconds from 0.05 to 3600";
        row("below", interval, "0.049", seconds);
        row("above", interval, "3600.1", seconds);
        row("nan", interval, "nan", seconds);
        row("inf", interval, "inf", seconds);
        row("huge", interval, "1e400", seconds);
        row("negative", interval, "-1", seconds);
        row("word", interval, "soon", seconds);
        row("unit", interval, "5s", seconds);
        row("unbounded seconds", "VIGIE_WATCHDOG_THRESHOLD_SECONDS", "-1", "seconds of at least 0");
        row("overflowing seconds", "VIGIE_WATCHDOG_THRESHOLD_SECONDS", "1e10", "seconds");
        row("fraction", "VIGIE_JOBS_TERMINATOR_BATCH", "1.5", "a whole number from 1 to 1000");
        row("overflow", "VIGIE_JOBS_TERMINATOR_BATCH", "4294967297", "a whole number");
        row("enormous", "VIGIE_JOBS_TERMINATOR_BATCH", "99999999999999999999", "a whole number");
        row("hex", "VIGIE_JOBS_TERMINATOR_BATCH", "0x10", "a whole number");
        row("boolean", "VIGIE_JOBS_WORKER_WATCHDOG_RECOVERY", "maybe", "true or false");
        row("allowed word", "VIGIE_FORMAT", "xml", "one of json, text");
        row("case of word", "VIGIE_FORMAT", "JSON", "one of json, text");
        row("seed's boolean", "WORKER_DEAD_RECOVERY_ENABLED", "2", "true or false");
    }

    void refusesVariables() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, allowed);
        const auto settings = readEnvironment({{name, value}});
        QVERIFY(!settings);
        const QString message = settings.error().message;
        QVERIFY(settings.error().kind == FailureKind::Invalid);
        QVERIFY2(message.contains(name), qUtf8Printable(message));
        QVERIFY2(message.contains(allowed), qUtf8Printable(message));
        QVERIFY2(!message.contains(u'\n'), qUtf8Printable(message));
    }

    void refusesFiles_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("mistake"); // what follows "policy.toml"
        const auto row = [](const char* title, const QByteArray& content, const char* mistake) {
            QTest::newRow(title) << content << QString::fromUtf8(mistake);
        };
        row("wrong type", "\nlisten = 8003\n", ":2: listen is 8003, but must be text");
        row("number as text", "[jobs.terminator]\nbatch = '7'\n",
            ":2: jobs.terminator.batch is \"7\", but must be a whole number from 1 to 1000");
        row("float for integer", "[jobs.terminator]\nbatch = 7.0\n", ":2: jobs.terminator.batch");
        row("number for boolean", "[jobs.worker-watchdog]\nrecovery = 1\n",
            ":2: jobs.worker-watchdog.recovery is 1, but must be true or false");
        row("nan", "[watchdog]\nthreshold_seconds = nan\n",
            ":2: watchdog.threshold_seconds is nan");
        row("range", "[watchdog]\n\nshare = 1.5\n",
            ":3: watchdog.share is 1.5, but must be a number from 0 to 1");
        row("word", "format = 'xml'", ":1: format is \"xml\", but must be one of json, text");
        row("mixed list", "[http]\nhosts = ['a', 1]\n", ":2: http.hosts is [");
        row("date", "listen = 2026-01-01", ":1: listen is 2026-01-01, but must be text");
        row("unknown key", "listne = 'x'", ":1: there is no key listne; did you mean listen?");
        row("unknown in section", "[watchdog]\nthreshold_second = 3\n",
            ":2: there is no key watchdog.threshold_second; did you mean "
            "watchdog.threshold_seconds?");
        row("key in another section", "[x]\nbatch = 3\n", "did you mean jobs.terminator.batch?");
        row("quoted dots", "'jobs.terminator'.batch = 3",
            ":1: there is no key \"jobs.terminator\"");
        row("value for section", "watchdog = 3", ":1: watchdog is a section, not a key");
        row("table for key", "[listen]\nhost = 'x'", ":2: listen is a table, but must be text");
        row("unknown empty section", "[watchdoge]\n", ":1: there is no key watchdoge");
        row("duplicate key", "format = 'text'\nformat = 'json'\n", ":2: this is not TOML:");
        row("syntax", "format = \n", ":1: this is not TOML:");
        row("not text", QByteArray("\xff\xfe\x00\x01", 4), "this is not TOML:");
        row("HTML", "<!DOCTYPE html>\n", ":1: this is not TOML:");
        row("huge", QByteArray(1024 * 1024 + 1, '#'), ": is over 1 MiB");
        row("placeholder", "token = '(set)'", ":1: token is a secret of the wrong form");
        row("placeholder in a URL", "listen = 'postgresql://ada:(set)@db/fleet'",
            ":1: listen is \"postgresql://ada:(set)@db/fleet\", but must be text");
    }

    void refusesFiles() {
        QFETCH(QByteArray, content);
        QFETCH(QString, mistake);
        SettingsInput input;
        input.file = file(content);
        const auto settings = Settings::read(specs(), input);
        QVERIFY(!settings);
        const QString message = settings.error().message;
        QVERIFY2(message.startsWith(input.file), qUtf8Printable(message));
        QVERIFY2(message.contains(mistake), qUtf8Printable(message));
        QVERIFY2(!message.contains(u'\n'), qUtf8Printable(message));
    }

    void toleratesAKnownEmptySection() {
        SettingsInput input;
        input.file = file("[watchdog]\n[jobs.terminator]\n");
        QVERIFY(Settings::read(specs(), input));
    }

    void reportsAllMistakesAtOnce() {
        SettingsInput input;
        input.file = file("format = 'xml'\n[watchdog]\nshare = 2\n");
        input.environment[QStringLiteral("VIGIE_JOBS_TERMINATOR_BATCH")] = QStringLiteral("0");
        input.flags[QStringLiteral("recovery")] = {QStringLiteral("perhaps")};
        const auto settings = Settings::read(specs(), input);
        QVERIFY(!settings);
        const QStringList lines = settings.error().message.split(u'\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[0].contains(QStringLiteral(":1: format")));
        QVERIFY(lines[1].contains(QStringLiteral(":3: watchdog.share")));
        QVERIFY(lines[2].startsWith(QStringLiteral("environment VIGIE_JOBS_TERMINATOR_BATCH: ")));
        QVERIFY(lines[3].startsWith(QStringLiteral("--recovery: ")));
    }

    void wantsTheNamedFile() {
        SettingsInput input;
        input.file = QStringLiteral("/nowhere/nowhere.toml");
        const auto settings = Settings::read(specs(), input);
        QVERIFY(!settings);
        QVERIFY(settings.error().message.contains(QStringLiteral("nowhere.toml")));
        input.fileMayBeMissing = true;
        QVERIFY(Settings::read(specs(), input));
        input.file = QDir::tempPath();
        QVERIFY(!Settings::read(specs(), input));
    }

    void warnsOfUnknownVariables() {
        const auto settings =
            readEnvironment({{QStringLiteral("VIGIE_LISTN"), QStringLiteral("x")}});
        QVERIFY(settings);
        QCOMPARE(settings->warnings().size(), 1);
        const QString warning = settings->warnings().first();
        QVERIFY2(warning.contains(QStringLiteral("VIGIE_LISTN is ignored")),
                 qUtf8Printable(warning));
        QVERIFY2(warning.contains(QStringLiteral("did you mean VIGIE_LISTEN?")),
                 qUtf8Printable(warning));
    }

    void leavesOtherVariablesAlone() {
        SettingsInput input;
        input.environment = {{QStringLiteral("VIGIE_WORKER_ENGINE"), QStringLiteral("x")},
                             {QStringLiteral("VIGIE_CONFIG"), QStringLiteral("x")},
                             {QStringLiteral("HOME"), QStringLiteral("x")}};
        const auto warned = Settings::read(specs(), input);
        QVERIFY(warned);
        QCOMPARE(warned->warnings().size(), 2);
        input.otherVariables = {QStringLiteral("VIGIE_WORKER_*"), QStringLiteral("VIGIE_CONFIG")};
        const auto silent = Settings::read(specs(), input);
        QVERIFY(silent);
        QVERIFY(silent->warnings().isEmpty());
    }

    void refusesWrongDeclarations_data() {
        QTest::addColumn<int>("which");
        QTest::newRow("same key") << 0;
        QTest::newRow("same variable") << 1;
        QTest::newRow("same flag") << 2;
        QTest::newRow("default out of range") << 3;
        QTest::newRow("default missing") << 4;
        QTest::newRow("default not a word") << 5;
    }

    void refusesWrongDeclarations() {
        QFETCH(int, which);
        SettingSpec a = spec("s", "a_b", SettingType::Integer, 1);
        SettingSpec b = spec("s", "c", SettingType::Integer, 1);
        if (which == 0)
            b.key = a.key;
        if (which == 1)
            b = spec("s.a", "b", SettingType::Integer, 1);
        if (which == 2)
            a.flag = b.flag = QStringLiteral("x");
        if (which == 3)
            a.minimum = 2;
        if (which == 4)
            a.fallback = {};
        if (which == 5) {
            a = spec("s", "t", SettingType::Text, QStringLiteral("x"));
            a.allowed = {QStringLiteral("y")};
        }
        const auto settings = Settings::read({a, b}, {});
        QVERIFY(!settings);
        QVERIFY(settings.error().kind == FailureKind::Internal);
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
