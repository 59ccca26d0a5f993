// The whole line with real processes: vigied, three vigie-workers, the dashboard's engine and its
// window. A worker is killed, called suspect and then dead, and brought back by real clicks; the
// orchestrator is stopped, nothing stays green, and everything is back when it is.

#include "core/base/timeformat.h"
#include "tests/integration/windowdriver.h"
#include "tests/support/orchestratorprocess.h"
#include "ui/theme/theme.h"

#include <QApplication>

#include <csignal>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const InstanceView* viewOf(const FleetSnapshot& snapshot, const QString& id) {
    return snapshot.find(SourceId(QStringLiteral("under-test")), InstanceId(id));
}

bool servesWell(const FleetSnapshot& snapshot, const QString& id) {
    const InstanceView* view = viewOf(snapshot, id);
    return view && view->freshness == Freshness::Live &&
           view->instance.status == InstanceStatus::Ready &&
           view->assessment.verdict == Verdict::Alive;
}

Freshness freshness(const FleetSnapshot& snapshot) {
    return snapshot.sources.front().freshness;
}

// What the snapshots said about an instance, one line a change; for a failed test to tell.
QString storyOf(const EngineObserver& engine, const QString& id) {
    QStringList story;
    for (const SnapshotPtr& snapshot : engine.all()) {
        const InstanceView* view = viewOf(*snapshot, id);
        const QString line =
            view ? QStringLiteral("%1 %2 %3 (%4)")
                       .arg(toString(view->freshness), toString(view->instance.status),
                            toString(view->assessment.verdict), view->assessment.rule)
                 : QStringLiteral("not there");
        if (story.isEmpty() || story.last() != line)
            story.append(line);
    }
    return story.join(QLatin1Char('\n'));
}

} // namespace

class TestEndToEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme(Theme::Mode::Dark).apply(*qApp); }

    void killedSeenRecoveredLostAndBack() {
        OrchestratorProcess orchestrator;
        // Only the operator recovers here.
        QVERIFY2(orchestrator.start("[automation]\nmode = \"observe\"\n"),
                 qPrintable(orchestrator.why()));
        const QStringList ids = orchestrator.deploy(3);
        QCOMPARE(ids.size(), 3);

        SourceConfig source = sourceAt(orchestrator.url());
        source.tokenFile = orchestrator.tokenFile();
        EngineObserver engine({source});
        WindowDriver driver(engine);
        MainWindow& window = driver.window();
        window.showPanel(QStringLiteral("fleet"), {});

        QVERIFY2(engine.waitFor(
                     [&](const FleetSnapshot& s) {
                         return std::all_of(ids.begin(), ids.end(),
                                            [&](const QString& id) { return servesWell(s, id); });
                     },
                     60'000),
                 qPrintable(orchestrator.why()));
        const QColor green = Theme::current().color(Verdict::Alive);
        QVERIFY2(driver.pixelsOf(green) > 0, "a live fleet shows the colour of the living");

        // One worker dies.
        const QString victim = ids.front();
        const qint64 pid = OrchestratorProcess::workerOf(victim);
        QVERIFY(pid > 0);
        const auto killed = std::chrono::steady_clock::now();
        ::kill(static_cast<pid_t>(pid), SIGKILL);
        const auto verdictIs = [&](Verdict verdict) {
            return [&, verdict](const FleetSnapshot& s) {
                const InstanceView* view = viewOf(s, victim);
                return view && view->assessment.verdict == verdict;
            };
        };
        QVERIFY2(engine.waitFor(verdictIs(Verdict::Suspect)), qPrintable(storyOf(engine, victim)));
        QVERIFY2(engine.waitFor(verdictIs(Verdict::Dead)), qPrintable(storyOf(engine, victim)));
        const double took =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - killed).count();
        const double machineSlack = 3; // two cores, sanitizers
        QVERIFY2(took <= OrchestratorProcess::heartbeatThreshold + OrchestratorProcess::tick +
                             toSeconds(source.interval) + machineSlack,
                 qPrintable(QStringLiteral("dead after %1 s").arg(took)));
        QVERIFY(engine.waitFor([&](const FleetSnapshot& s) {
            return viewOf(s, victim)->instance.status == InstanceStatus::WorkerDead;
        }));
        QVERIFY(!viewOf(engine.last(), victim)->assessment.rule.isEmpty());
        for (qsizetype i = 1; i < ids.size(); ++i) {
            // A beat may be late for a moment on a busy machine; nobody else was ever called dead.
            QVERIFY(
                engine.waitFor([&](const FleetSnapshot& s) { return servesWell(s, ids.at(i)); }));
            QVERIFY2(std::none_of(engine.all().begin(), engine.all().end(),
                                  [&](const SnapshotPtr& snapshot) {
                                      const InstanceView* view = viewOf(*snapshot, ids.at(i));
                                      return view &&
                                             (view->assessment.verdict == Verdict::Dead ||
                                              view->instance.status == InstanceStatus::WorkerDead);
                                  }),
                     qPrintable(storyOf(engine, ids.at(i))));
        }

        // The operator reinstalls it.
        QVERIFY(driver.select(QStringLiteral("verdict:dead")));
        QVERIFY(driver.recover(QStringLiteral("Reinstall"), QStringLiteral("killed by the test")));
        QVERIFY2(engine.waitFor([&](const FleetSnapshot& s) {
            return servesWell(s, victim) && viewOf(s, victim)->instance.incarnation > 0;
        }),
                 qPrintable(orchestrator.why()));
        QVERIFY(engine.waitFor([&](const FleetSnapshot& s) {
            return std::any_of(s.log.begin(), s.log.end(), [&](const auto& row) {
                return row->entry.actionType == QStringView(actiontype::requestReinstall) &&
                       row->entry.instanceId.value() == victim &&
                       row->entry.metadata.contains("killed by the test") &&
                       row->entry.userId == QLatin1String("admin");
            });
        }));
        QVERIFY(driver.closeDialog());
        window.showPanel(QStringLiteral("fleet"), {});

        // The orchestrator goes away.
        QVERIFY(orchestrator.stop(SIGTERM));
        QVERIFY(engine.waitFor(
            [](const FleetSnapshot& s) { return freshness(s) == Freshness::Stale; }));
        QVERIFY(engine.waitFor(
            [](const FleetSnapshot& s) { return freshness(s) == Freshness::Unreachable; }));
        QVERIFY(engine.last().blind());
        QCOMPARE(engine.last().instances.size(), size_t(3));
        for (const auto& view : engine.last().instances)
            QVERIFY(view->freshness == Freshness::Unreachable);
        for (const char* panel : {"overview", "fleet", "breakers", "alerts"}) {
            window.showPanel(QString::fromLatin1(panel), {});
            if (driver.pixelsOf(green) > 0)
                window.grab().save(QStringLiteral("endtoend-%1.png").arg(QLatin1String(panel)));
            QVERIFY2(driver.pixelsOf(green) == 0, panel);
        }

        // And comes back with all it knew.
        QVERIFY2(orchestrator.start("[automation]\nmode = \"observe\"\n"),
                 qPrintable(orchestrator.why()));
        QVERIFY2(engine.waitFor(
                     [&](const FleetSnapshot& s) {
                         return s.instances.size() == 3 &&
                                std::all_of(ids.begin(), ids.end(),
                                            [&](const QString& id) { return servesWell(s, id); });
                     },
                     60'000),
                 qPrintable(orchestrator.why()));
        engine.submit(command::Inspect{source.id, InstanceId(victim)});
        QVERIFY(engine.waitFor([&](const FleetSnapshot& s) {
            return s.inspection && !s.inspection->loading &&
                   std::any_of(s.inspection->history.begin(), s.inspection->history.end(),
                               [](const StateChange& change) {
                                   return change.to == InstanceStatus::WorkerDead;
                               });
        }));
        window.showPanel(QStringLiteral("fleet"), {});
        QVERIFY(driver.pixelsOf(green) > 0);
    }
};

QTEST_MAIN(TestEndToEnd)
#include "tst_endtoend.moc"
