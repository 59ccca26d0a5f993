#include "tests/core/orchestrator/watchdogfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using namespace vigie::jobs::workerwatchdog;
using Fixture = WatchdogFixture;

/// Which step of the ladder follows which, and when none does.
class TestRemedyLadder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLadderGoesOnWhenNothingIsHeard() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.restarts(), 1);
        f.silence(900s + 2 * tickLength); // the restart's own limit; then the hold time
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        f.silence(2 * tickLength);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
        QCOMPARE(f.instance(f.a).incarnation, 1);
        // That the restart did not help says nothing about the reinstall: it has its own time.
        f.silence(7000s);
        QCOMPARE(f.store.logsOf(actiontype::executeReplace).size(), 0U);
        // After the reinstall's limit another one is made, and this one stays until it serves.
        f.silence(250s);
        QCOMPARE(f.provider.commands.size(), 2U);
        const auto rows = f.store.logsOf(actiontype::executeReplace);
        QCOMPARE(rows.size(), 1U);
        const InstanceId made = replacementOf(rows[0].id);
        QCOMPARE(f.status(made), QStringLiteral("provisioning"));
        QCOMPARE(f.plane.find(f.a)->workInHand, replaceWork);
        // It fails: the tries are used up, a person is asked, nothing more is made.
        QVERIFY(f.change(made, TransitionCause::ProvisioningFailed));
        f.silence(300s);
        QVERIFY(f.plane.find(f.a)->workInHand.isEmpty());
        QVERIFY2(f.said(f.a).blockedBy.contains(QLatin1String("retry cap")),
                 qPrintable(f.said(f.a).blockedBy));
        QCOMPARE(f.store.logsOf(actiontype::executeReplace).size(), 1U);
    }

    void theLadderGoesOnWhenItFallsSilentAgain() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.restarts(), 1);
        f.tick(true); // the restart brought its agent back
        f.silence(900s - 2 * tickLength);
        QCOMPARE(f.machine(f.a).reinstalls, 0); // the step has its time
        f.silence(6 * tickLength);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
    }

    void whatDrainedWhenItDiedIsNotBroughtBack() {
        Fixture f;
        f.probe = false;
        QVERIFY(f.change(f.a, TransitionCause::DrainAsked));
        f.silence(600s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.restarts(), 0);
    }

    void aReplacementThatServesEndsTheRecovery() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        f.silence(7200s + 900s + 100s);
        const InstanceId made = replacementOf(f.store.logsOf(actiontype::executeReplace).at(0).id);
        for (const TransitionCause cause :
             {TransitionCause::ProviderStarted, TransitionCause::BecameReady})
            QVERIFY(f.change(made, cause));
        f.others.push_back(made);
        f.silence(2 * tickLength);
        QCOMPARE(f.status(f.a), QStringLiteral("terminating"));
        QVERIFY(f.store.logsOf(actiontype::executeReplace)[0].status == ActionLogStatus::Success);
    }

    void theNextStepCountsFromTheEndOfTheLast() {
        Fixture f;
        f.probe = false;
        f.provider.failCommand = failure(FailureKind::ServerError, "the API is away");
        f.silence(3000s);
        QCOMPARE(f.plane.find(f.a)->workInHand, QStringLiteral("restart_worker"));
        f.provider.failCommand.reset();
        const std::size_t before = f.provider.commands.size();
        f.silence(900s); // the time that a restart has to help
        QCOMPARE(f.provider.commands.size(), before + 1);
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        f.silence(100s);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
    }

    void whatServesAfterAStepGetsNoOther() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.restarts(), 1);
        f.probe = true; // but its agent stays silent
        f.silence(2000s);
        QCOMPARE(f.provider.commands.size(), 1U);
        f.probe = false;
        f.silence(60s);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
    }

    void aStepThatTheProviderCantDoIsSkipped() {
        Fixture f;
        f.probe = false;
        f.provider.failCommand = failure(FailureKind::Unsupported, "no reboot here");
        f.silence(330s);
        f.provider.failCommand.reset();
        f.silence(40s);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
        const auto rows = f.store.logsOf(actiontype::executeRestartWorker);
        QCOMPARE(rows[0].errorCode, QStringLiteral("STEP_NOT_AVAILABLE"));
        const auto next = f.store.logsOf(actiontype::executeReinstall);
        QVERIFY(next[0].metadata.contains("skipped: restart_worker"));
    }

    void aWorkerThatComesBackEndsTheLadder() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
        f.tick(true);
        QVERIFY(f.change(f.a, TransitionCause::AgentSeen));
        for (Duration passed{}; passed < 1500s; passed += tickLength) {
            f.refreshProbe();
            f.tick(true);
        }
        QCOMPARE(f.provider.commands.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestRemedyLadder)
#include "tst_remedyladder.moc"
