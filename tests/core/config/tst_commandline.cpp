#include "core/config/commandline.h"
#include "core/config/nearestname.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

ProgramSpec program() {
    SettingSpec listen;
    listen.key = QStringLiteral("listen");
    listen.fallback = QStringLiteral("127.0.0.1:8003");
    listen.flag = QStringLiteral("listen");
    listen.help = QStringLiteral("Address and port to serve on; port 0 takes a free one.");
    SettingSpec interval;
    interval.section = QStringLiteral("heartbeat");
    interval.key = QStringLiteral("interval_seconds");
    interval.type = SettingType::Seconds;
    interval.fallback = 4;
    interval.minimum = 0.05;
    interval.flag = QStringLiteral("interval");
    interval.help = QStringLiteral("Time between two beats.");
    SettingSpec insecure;
    insecure.section = QStringLiteral("http");
    insecure.key = QStringLiteral("insecure");
    insecure.type = SettingType::Boolean;
    insecure.fallback = false;
    insecure.flag = QStringLiteral("insecure-http");
    SettingSpec sources;
    sources.key = QStringLiteral("sources");
    sources.type = SettingType::TextList;
    sources.fallback = QStringList();
    sources.flag = QStringLiteral("source");

    ProgramSpec spec;
    spec.name = QStringLiteral("vigiex");
    spec.summary = QStringLiteral("tries things.");
    spec.settings = {listen, interval, insecure, sources};
    spec.switches = {
        {QStringLiteral("demo"), {}, QStringLiteral("Watch the demo fleet."), false, {}},
        {QStringLiteral("tour"), QStringLiteral("DIR"), QStringLiteral("Render."), false, {}},
        {QStringLiteral("theme"),
         QStringLiteral("NAME"),
         QStringLiteral("Colours."),
         false,
         {QStringLiteral("light"), QStringLiteral("dark")}},
        {QStringLiteral("tag"), QStringLiteral("T"), QStringLiteral("Tag."), true, {}}};
    spec.configAliases = {QStringLiteral("policy")};
    return spec;
}

auto readLine(const char* arguments, const QHash<QString, QString>& environment = {}) {
    return CommandLine::read(
        program(), QString::fromUtf8(arguments).split(u' ', Qt::SkipEmptyParts), environment);
}

} // namespace

class TestCommandLine final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesBothForms() {
        const auto line = readLine("--listen 0.0.0.0:1 --interval=0.05 --insecure-http --demo "
                                   "--tour=out/dir --tag a --tag b --source x,y --source z");
        QVERIFY2(line, line ? "" : qUtf8Printable(line.error().err));
        QCOMPARE(line->settings().text(QStringLiteral("listen")), QStringLiteral("0.0.0.0:1"));
        QCOMPARE(line->settings().seconds(QStringLiteral("heartbeat.interval_seconds")), 50ms);
        QVERIFY(line->settings().boolean(QStringLiteral("http.insecure")));
        QVERIFY(line->has(QStringLiteral("demo")));
        QVERIFY(!line->has(QStringLiteral("theme")));
        QCOMPARE(line->value(QStringLiteral("tour")), QStringLiteral("out/dir"));
        QCOMPARE(line->values(QStringLiteral("tag")),
                 QStringList({QStringLiteral("a"), QStringLiteral("b")}));
        QCOMPARE(line->settings().textList(QStringLiteral("sources")),
                 QStringList({QStringLiteral("x,y"), QStringLiteral("z")}));
    }

    void takesOperands() {
        ProgramSpec spec;
        spec.name = QStringLiteral("vigiex task run");
        spec.operands = {{QStringLiteral("PLAN"), QStringLiteral("The plan."), false, false},
                         {QStringLiteral("STEP"), QStringLiteral("Steps."), true, true}};
        spec.switches = {{QStringLiteral("dry"), {}, QStringLiteral("Only look."), false, {}}};
        const auto read = [&spec](const char* words) {
            return CommandLine::read(spec, QString::fromUtf8(words).split(u' ', Qt::SkipEmptyParts),
                                     {});
        };
        const auto line = read("plan.toml --dry a -- --b");
        QVERIFY(line);
        QVERIFY(line->has(QStringLiteral("dry")));
        QCOMPARE(line->operand(QStringLiteral("PLAN")), QStringLiteral("plan.toml"));
        QCOMPARE(line->operands(QStringLiteral("STEP")),
                 QStringList({QStringLiteral("a"), QStringLiteral("--b")}));
        QVERIFY(read("plan.toml")->operands(QStringLiteral("STEP")).isEmpty());
        QCOMPARE(read("--dry").error().err,
                 QStringLiteral("vigiex task run: PLAN is missing; --help lists what is taken\n"));
        const QString help = read("--help").error().out;
        QVERIFY2(help.contains(QStringLiteral("Usage: vigiex task run PLAN [STEP]... [flags]")),
                 qUtf8Printable(help));
    }

    void booleansCanBeTurnedOff() {
        const auto line = readLine("--insecure-http=no",
                                   {{QStringLiteral("VIGIE_HTTP_INSECURE"), QStringLiteral("1")}});
        QVERIFY(line);
        QVERIFY(!line->settings().boolean(QStringLiteral("http.insecure")));
    }

    void refuses_data() {
        QTest::addColumn<QString>("mistake");
        const auto row = [](const char* arguments, const char* mistake) {
            QTest::newRow(arguments) << QString::fromUtf8(mistake);
        };
        row("--lisen x", "unknown flag --lisen; did you mean --listen?");
        row("--lisen=x", "unknown flag --lisen; did you mean --listen?");
        row("--zzzzzzzzzz", "unknown flag --zzzzzzzzzz; --help lists all");
        row("-listen x", "unknown flag -listen; did you mean --listen?");
        row("-platform offscreen", "unknown flag -platform");
        row("--listen", "--listen needs a value");
        row("--listen --demo", "--listen needs a value");
        row("--tour", "--tour needs a value");
        row("--demo=1", "--demo takes no value");
        row("--listen a --listen b", "--listen is given twice");
        row("--tour a --tour b", "--tour is given twice");
        row("--theme pink", "--theme is 'pink', but must be one of light, dark");
        row("--interval 0.04",
            "--interval: heartbeat.interval_seconds is \"0.04\", but must be seconds of at least");
        row("--interval=", "--interval: heartbeat.interval_seconds is \"\"");
        row("--insecure-http=maybe", "but must be true or false");
        row("--config /nowhere/x.toml", "/nowhere/x.toml: ");
        row("--config a --policy b", "--policy: a configuration file is already named: a");
        row("--config=", "--config needs the name of a file");
        row("--", "unknown flag --; --help lists all");
        row("start", "unexpected argument 'start'");
    }

    void refuses() {
        QFETCH(QString, mistake);
        const auto line = readLine(QTest::currentDataTag());
        QVERIFY(!line);
        QCOMPARE(line.error().code, 2);
        QVERIFY(line.error().out.isEmpty());
        const QString err = line.error().err;
        QVERIFY2(err.startsWith(QStringLiteral("vigiex: ")), qUtf8Printable(err));
        QVERIFY2(err.contains(mistake), qUtf8Printable(err));
        QCOMPARE(err.count(u'\n'), 1);
    }

    void helps_data() {
        QTest::addColumn<bool>("unused");
        QTest::newRow("--help") << true;
        QTest::newRow("-h") << true;
        QTest::newRow("--demo --help") << true;
    }

    void helps() {
        const auto line = readLine(QTest::currentDataTag());
        QVERIFY(!line);
        QCOMPARE(line.error().code, 0);
        QVERIFY(line.error().err.isEmpty());
        const QString out = line.error().out;
        for (const char* part :
             {"Usage: vigiex", "--demo", "--tour DIR", "--theme light|dark", "--config, --policy",
              "--listen LISTEN", "Time between two beats. (default 4)", "[heartbeat]",
              "--interval SECONDS", "--insecure-http\n", "--source SOURCES"})
            QVERIFY2(out.contains(QString::fromLatin1(part)),
                     qPrintable(QString::fromLatin1(part) + u'\n' + out));
        for (const QString& text : out.split(u'\n')) {
            QVERIFY2(text.size() <= 100, qUtf8Printable(text));
            QVERIFY2(!text.endsWith(u' '), qUtf8Printable(text));
        }
    }

    void tellsItsVersion() {
        const auto line = readLine("--version");
        QVERIFY(!line);
        QCOMPARE(line.error().code, 0);
        QCOMPARE(line.error().out, QStringLiteral("vigiex " VIGIE_VERSION "\n"));
    }

    void printsTheConfiguration() {
        const auto line =
            readLine("--print-config --listen x",
                     {{QStringLiteral("VIGIE_HEARTBEAT_INTERVAL_SECONDS"), QStringLiteral("9")}});
        QVERIFY(!line);
        QCOMPARE(line.error().code, 0);
        QVERIFY(line.error().out.contains(QStringLiteral("listen = \"x\" # --listen\n")));
        QVERIFY(line.error().out.contains(QStringLiteral("interval_seconds = 9 # environment ")));
    }

    void findsTheFile() {
        QTemporaryDir folder;
        const auto write = [&folder](const char* name, const QByteArray& content) {
            const QString path = folder.filePath(QString::fromLatin1(name));
            QFile file(path);
            if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
                qFatal("can't write the fixture");
            return path;
        };
        const QString named = write("named.toml", "listen = 'named'");
        const QString fromVariable = write("variable.toml", "listen = 'variable'");
        ProgramSpec spec = program();
        spec.defaultConfigFile = write("default.toml", "listen = 'default'");
        const auto listen = [&spec](const QStringList& arguments,
                                    const QHash<QString, QString>& environment) {
            const auto line = CommandLine::read(spec, arguments, environment);
            return line ? line->settings().text(QStringLiteral("listen")) : line.error().err;
        };
        const QHash<QString, QString> variable = {{QStringLiteral("VIGIE_CONFIG"), fromVariable}};
        QCOMPARE(listen({QStringLiteral("--policy"), named}, variable), QStringLiteral("named"));
        QCOMPARE(listen({}, variable), QStringLiteral("variable"));
        QCOMPARE(listen({}, {}), QStringLiteral("default"));
        spec.defaultConfigFile = folder.filePath(QStringLiteral("missing.toml"));
        QCOMPARE(listen({}, {}), QStringLiteral("127.0.0.1:8003"));
    }

    void leavesQtItsOptions() {
        ProgramSpec spec = program();
        spec.acceptsQtOptions = true;
        const auto line = CommandLine::read(
            spec,
            {QStringLiteral("-platform"), QStringLiteral("offscreen"), QStringLiteral("--demo")},
            {});
        QVERIFY(line);
        QVERIFY(line->has(QStringLiteral("demo")));
    }

    void findsNearestNames() {
        const QStringList known = {QStringLiteral("listen"), QStringLiteral("store")};
        QCOMPARE(nearestName(QStringLiteral("LISTNE"), known), QStringLiteral("listen"));
        QCOMPARE(nearestName(QStringLiteral("stor"), known), QStringLiteral("store"));
        QCOMPARE(nearestName(QStringLiteral("xyz"), known), QString());
        QCOMPARE(nearestName(QString(), known), QString());
        QCOMPARE(nearestName(QString(100000, u'x'), known), QString());
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_commandline.moc"
