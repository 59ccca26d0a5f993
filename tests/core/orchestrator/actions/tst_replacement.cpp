#include "core/orchestrator/replacement.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;

namespace {

struct Replacing : ControlFixture {
    InstanceId old;
    InstanceId made;

    explicit Replacing(InstanceStatus status = InstanceStatus::Ready, bool byPerson = true) {
        old = add(QStringLiteral("old"), status);
        Reinstaller::Request request;
        request.step = RemedyStep::Replace;
        request.byPerson = byPerson;
        request.asker.reason = QStringLiteral("worn out");
        request.asker.correlationId = QStringLiteral("corr-9");
        const auto begun = finishedTask(reinstaller.begin(old, std::move(request)));
        if (!begun)
            qFatal("%s", qPrintable(begun.error().message));
        made = replacementOf(begun->workLogId);
    }
    void move(const InstanceId& id, std::initializer_list<TransitionCause> causes) {
        for (const TransitionCause cause : causes) {
            if (!change(id, cause))
                qFatal("not possible");
        }
        reinstaller.resume();
    }
};

} // namespace

class TestReplacement : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theOldServesUntilTheNewDoes() {
        Replacing r;
        QCOMPARE(r.status(r.old), QStringLiteral("ready"));
        QCOMPARE(r.status(r.made), QStringLiteral("provisioning"));
        QCOMPARE(r.instance(r.made).pool, r.instance(r.old).pool);
        QCOMPARE(r.instance(r.made).instanceType, QStringLiteral("small"));
        QCOMPARE(r.instance(r.made).correlationId, QStringLiteral("corr-9"));
        QVERIFY(r.instance(r.made).providerInstanceId.isEmpty());
        r.move(r.made, {TransitionCause::ProviderStarted, TransitionCause::AgentSeen});
        QCOMPARE(r.status(r.old), QStringLiteral("ready"));
        r.move(r.made, {TransitionCause::BecameReady});
        QCOMPARE(r.status(r.old), QStringLiteral("draining"));
        QVERIFY(r.plane.find(r.old)->workInHand.isEmpty());
        QVERIFY(r.instance(r.old).deletionReason.contains(r.made.value()));
        const auto rows = r.store.logsOf(actiontype::executeReplace);
        QCOMPARE(rows.size(), 1U);
        QVERIFY(rows[0].status == ActionLogStatus::Success);
    }

    void aDeadOneIsTerminatedAtOnce_data() {
        QTest::addColumn<bool>("byPerson");
        QTest::newRow("a person") << true;
        QTest::newRow("automation") << false;
    }
    void aDeadOneIsTerminatedAtOnce() {
        QFETCH(bool, byPerson);
        Replacing r(InstanceStatus::WorkerDead, byPerson);
        r.move(r.made, {TransitionCause::ProviderStarted, TransitionCause::BecameReady});
        QCOMPARE(r.status(r.old), QStringLiteral("terminating"));
        QCOMPARE(r.plane.find(r.old)->retiring, !byPerson); // it may come back, see the terminator
    }

    void aNewOneThatFailsGoesAndTheOldStays() {
        Replacing r;
        r.move(r.made, {TransitionCause::ProviderStarted, TransitionCause::StartupLimitPassed});
        QCOMPARE(r.status(r.old), QStringLiteral("ready"));
        QCOMPARE(r.status(r.made), QStringLiteral("terminating"));
        QVERIFY(r.plane.find(r.old)->workInHand.isEmpty());
        const auto rows = r.store.logsOf(actiontype::executeReplace);
        QVERIFY(rows[0].status == ActionLogStatus::Failed);
        QVERIFY(rows[0].errorMessage.contains(QLatin1String("startup_failed")));
    }

    void automationEndsNobodyWhoIsBack_data() {
        QTest::addColumn<bool>("byPerson");
        QTest::addColumn<QString>("made");
        QTest::newRow("there is no machine yet") << false << QStringLiteral("terminating");
        QTest::newRow("it boots") << false << QStringLiteral("booting");
        QTest::newRow("it serves") << false << QStringLiteral("ready");
        QTest::newRow("a person asked for it") << true << QStringLiteral("ready");
    }
    void automationEndsNobodyWhoIsBack() {
        QFETCH(bool, byPerson);
        QFETCH(QString, made);
        Replacing r(InstanceStatus::WorkerDead, byPerson);
        Testimony alive;
        alive.judgement.verdict = Verdict::Alive;
        r.plane.setTestimony(*r.plane.entry(r.old), alive);
        if (made != QLatin1String("terminating"))
            QVERIFY(r.change(r.made, TransitionCause::ProviderStarted));
        if (made == QLatin1String("ready"))
            QVERIFY(r.change(r.made, TransitionCause::BecameReady));
        r.reinstaller.resume();
        QVERIFY(r.plane.find(r.old)->workInHand.isEmpty());
        QCOMPARE(r.status(r.old), byPerson ? QStringLiteral("terminating")
                                           : QStringLiteral("worker_dead")); // until it is judged
        QCOMPARE(r.status(r.made), made);
        const auto rows = r.store.logsOf(actiontype::executeReplace);
        QVERIFY(rows[0].status == (byPerson ? ActionLogStatus::Success : ActionLogStatus::Failed));
        if (!byPerson)
            QVERIFY(rows[0].errorMessage.contains(QLatin1String("came back")));
    }

    void aCrashMakesNoSecondOne() {
        Replacing r;
        for (int i = 0; i < 3; ++i) {
            Reinstaller again(r.plane, r.provider, QUrl());
            r.load();
            again.resume();
            again.stop();
        }
        QCOMPARE(r.plane.ids().size(), 2U);
    }

    void onlyFromStatesThatMakeSense_data() {
        QTest::addColumn<int>("status");
        for (const InstanceStatus status : allInstanceStatuses)
            QTest::addRow("%s", qPrintable(toString(status))) << static_cast<int>(status);
    }
    void onlyFromStatesThatMakeSense() {
        QFETCH(int, status);
        const auto from = static_cast<InstanceStatus>(status);
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), from);
        Reinstaller::Request request;
        request.step = RemedyStep::Replace;
        const auto begun = finishedTask(f.reinstaller.begin(id, std::move(request)));
        QCOMPARE(begun.has_value(), !whyNot(Action::Replace, from, true).has_value());
        QCOMPARE(f.plane.ids().size(), begun ? 2U : 1U);
    }
};

QTEST_GUILESS_MAIN(TestReplacement)
#include "tst_replacement.moc"
