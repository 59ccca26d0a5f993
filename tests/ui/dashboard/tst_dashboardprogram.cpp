#include <QDir>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

namespace {

struct Run {
    int code = -1;
    QString out, err;
};

Run vigie(const QStringList& arguments) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& name : environment.keys())
        if (name.startsWith(QLatin1String("VIGIE_")))
            environment.remove(name);
    environment.remove(QStringLiteral("DISPLAY"));
    environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    environment.remove(QStringLiteral("QT_QPA_PLATFORM"));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(VIGIE_BIN_DIR "/vigie"), arguments);
    Run run;
    if (process.waitForFinished(90'000) && process.exitStatus() == QProcess::NormalExit)
        run.code = process.exitCode();
    run.out = QString::fromUtf8(process.readAllStandardOutput());
    run.err = QString::fromUtf8(process.readAllStandardError());
    return run;
}

} // namespace

class TestDashboardProgram : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesWhatItCantDo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QStringList& arguments, int code,
                            const char* says) {
            QTest::newRow(name) << arguments << code << QString::fromLatin1(says);
        };
        using S = QStringList;
        const auto s = [](const char* text) { return QString::fromLatin1(text); };
        row("unknown flag", S{s("--sorce"), s("http://x")}, 2, "--source");
        row("bad size", S{s("--size"), s("big")}, 2, "--size");
        row("tiny size", S{s("--size"), s("10x10")}, 2, "800x500");
        row("bad address", S{s("--source"), s("ftp://host")}, 2, "http://");
        row("twice the same", S{s("--source"), s("http://h"), s("--source"), s("h")}, 2, "already");
        row("no such token file", S{s("--source"), s("http://h"), s("--token-file"), s("/no/such")},
            2, "/no/such");
        row("bad theme", S{s("--theme"), s("pink")}, 2, "light");
        row("bad language", S{s("--lang"), s("de")}, 2, "fr");
        row("unwritable tour", S{s("--tour"), s("/proc/no/such")}, 1, "/proc/no/such");
        row("no display", S{}, 1, "display");
    }
    void refusesWhatItCantDo() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        const Run run = vigie(arguments);
        QVERIFY2(run.code == code, qPrintable(run.err));
        QVERIFY2(run.err.contains(says), qPrintable(run.err));
        QVERIFY2(run.err.startsWith(QLatin1String("vigie: ")), qPrintable(run.err));
    }
    void helpNamesEveryFlag() {
        const Run run = vigie({QStringLiteral("--help")});
        QCOMPARE(run.code, 0);
        for (const char* flag :
             {"--source", "--token-file", "--email", "--ca", "--demo", "--theme", "--lang",
              "--size", "--tour", "--interval", "--config", "--print-config", "--version"})
            QVERIFY2(run.out.contains(QLatin1String(flag)), flag);
    }
    void secretsAreNotPrinted() {
        qputenv("VIGIE_SOURCES_PASSWORD", "hunter2");
        QProcess process;
        process.start(QStringLiteral(VIGIE_BIN_DIR "/vigie"), {QStringLiteral("--print-config")});
        QVERIFY(process.waitForFinished(30'000));
        qunsetenv("VIGIE_SOURCES_PASSWORD");
        const QByteArray out = process.readAllStandardOutput();
        QVERIFY(out.contains("interval_seconds"));
        QVERIFY(!out.contains("hunter2"));
    }
    void theTourNeedsNoDisplay() {
        QTemporaryDir folder;
        const Run run =
            vigie({QStringLiteral("--tour"), folder.filePath(QStringLiteral("pictures")),
                   QStringLiteral("--size"), QStringLiteral("1000x700"), QStringLiteral("--lang"),
                   QStringLiteral("fr")});
        QVERIFY2(run.code == 0, qPrintable(run.err));
        const QDir pictures(folder.filePath(QStringLiteral("pictures")));
        QVERIFY(pictures.entryList({QStringLiteral("*.png")}).size() >= 7);
        QCOMPARE(QImage(pictures.filePath(QStringLiteral("fleet.png"))).size(), QSize(1000, 700));
    }
};

QTEST_GUILESS_MAIN(TestDashboardProgram)
#include "tst_dashboardprogram.moc"
