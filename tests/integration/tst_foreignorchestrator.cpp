// An orchestrator that is not ours and serves only part A of the contract, behind a log-in with
// e-mail and password: the window shows its fleet, its heartbeats and its log, judges by itself,
// recovers by real clicks, and says what would need part B.

#include "tests/integration/windowdriver.h"
#include "tests/support/partaserver.h"
#include "ui/theme/theme.h"

#include <QApplication>

using namespace vigie;

namespace {

const QString silent = QStringLiteral("11111111-aaaa-4bbb-8ccc-000000000001");
const QString healthy = QStringLiteral("22222222-aaaa-4bbb-8ccc-000000000002");
const QString ended = QStringLiteral("33333333-aaaa-4bbb-8ccc-000000000003");

SourceConfig behindLogin(const PartAServer& server, const QString& password) {
    SourceConfig source = sourceAt(server.url());
    source.email = QStringLiteral("lea@example.org");
    source.secret = password;
    return source;
}

const InstanceView* viewOf(const FleetSnapshot& snapshot, const QString& id) {
    return snapshot.find(SourceId(QStringLiteral("under-test")), InstanceId(id));
}

} // namespace

class TestForeignOrchestrator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme(Theme::Mode::Light).apply(*qApp); }

    void showsAdvisesAndRecovers() {
        PartAServer server;
        server.setAccount(QStringLiteral("lea@example.org"), QStringLiteral("correct horse"));
        server.add(healthy);
        server.beat(healthy);
        server.add(silent);
        server.add(ended, InstanceStatus::Terminated);
        EngineObserver engine({behindLogin(server, QStringLiteral("correct horse"))});
        WindowDriver driver(engine);
        driver.window().showPanel(QStringLiteral("fleet"), {});

        QVERIFY(engine.waitFor([](const FleetSnapshot& s) { return s.instances.size() == 3; }));
        const InstanceView* seen = viewOf(engine.last(), healthy);
        QVERIFY(seen->advisory);
        // A first stamp proves nothing: one that moves does.
        QVERIFY(engine.waitFor([&](const FleetSnapshot& s) {
            server.beat(healthy);
            return viewOf(s, healthy)->assessment.verdict == Verdict::Alive;
        }));
        seen = viewOf(engine.last(), healthy);
        QVERIFY(seen->instance.workerLastHeartbeat);
        const QString rows = WindowDriver::textOf(*driver.table(QStringLiteral("Fleet")));
        for (const QString& start : {silent.left(6), healthy.left(6), ended.left(6)})
            QVERIFY2(rows.contains(start), qPrintable(rows));

        // What part B would give is said where the operator looks.
        engine.submit(command::Inspect{seen->source, InstanceId(healthy)});
        QVERIFY(driver.select(healthy.left(8)));
        QTest::keyClick(driver.table(QStringLiteral("Fleet")), Qt::Key_Return);
        QTRY_VERIFY2(driver.labels().contains(QStringLiteral("does not judge by itself")),
                     qPrintable(driver.labels()));

        // Each action by hand, once, with the server seeing it exactly once.
        QVERIFY(driver.select(silent.left(8)));
        QVERIFY(driver.recover(QStringLiteral("Reinstall"), QStringLiteral("silent for hours")));
        QTRY_COMPARE(server.count("POST /instances/" + silent.toLatin1() + "/reinstall"), 1);
        QVERIFY(driver.closeDialog());
        server.setStatus(silent, InstanceStatus::Ready);
        QVERIFY(engine.waitFor([&](const FleetSnapshot& s) {
            return viewOf(s, silent)->instance.status == InstanceStatus::Ready;
        }));
        QVERIFY(driver.select(silent.left(8)));
        QVERIFY(driver.recover(QStringLiteral("Terminate"), QStringLiteral("no longer needed")));
        QTRY_COMPARE(server.count("DELETE /instances/" + silent.toLatin1()), 1);
        QVERIFY(driver.closeDialog());
        QVERIFY(driver.select(ended.left(8)));
        QVERIFY(driver.recover(QStringLiteral("Archive"), QStringLiteral("tidy up")));
        QTRY_COMPARE(server.count("PUT /instances/" + ended.toLatin1() + "/archive"), 1);
        QVERIFY(driver.closeDialog());

        // The log is that of the orchestrator.
        QVERIFY(engine.waitFor([](const FleetSnapshot& s) { return s.log.size() >= 3; }));
        driver.window().showPanel(QStringLiteral("log"), {});
        const QString log = WindowDriver::textOf(*driver.table(QStringLiteral("Action log")));
        QVERIFY2(log.contains(QStringLiteral("REQUEST_REINSTALL")), qPrintable(log));
        if (const QByteArray folder = qgetenv("VIGIE_SCREENS"); !folder.isEmpty())
            driver.window().grab().save(QString::fromLocal8Bit(folder) +
                                        QStringLiteral("/foreign-log.png"));
    }

    void aWrongPasswordIsSaidAndNothingIsGreen() {
        PartAServer server;
        server.setAccount(QStringLiteral("lea@example.org"), QStringLiteral("correct horse"));
        server.add(healthy);
        server.beat(healthy);
        EngineObserver engine({behindLogin(server, QStringLiteral("wrong"))});
        WindowDriver driver(engine);
        QVERIFY(engine.waitFor([](const FleetSnapshot& s) {
            return !s.sources.empty() && s.sources.front().lastFailure &&
                   s.sources.front().lastFailure->kind == FailureKind::Unauthorized;
        }));
        QVERIFY(engine.last().instances.empty());
        for (const char* panel : {"overview", "fleet"}) {
            driver.window().showPanel(QString::fromLatin1(panel), {});
            QCOMPARE(driver.pixelsOf(Theme::current().color(Verdict::Alive)), 0);
        }
    }
};

QTEST_MAIN(TestForeignOrchestrator)
#include "tst_foreignorchestrator.moc"
