#include "core/model/action.h"
#include "core/model/transitions.h"

#include <QSet>
#include <QTest>

using namespace vigie;

namespace {

using enum InstanceStatus;

/// The contract's table, written once more from the page and by hand: status by status, which cause
/// leads where. What is not here must be refused.
struct Expected {
    TransitionCause cause;
    QList<InstanceStatus> from;
    InstanceStatus to;
};

const QList<InstanceStatus> alive{Provisioning, Booting,       Installing,
                                  Starting,     Ready,         Unavailable,
                                  Draining,     WorkerDead,    Terminating,
                                  Failed,       StartupFailed, InstanceStatus::ProvisioningFailed};

QList<Expected> contract() {
    using enum TransitionCause;
    return {
        {ProviderStarted, {Provisioning}, Booting},
        {TransitionCause::ProvisioningFailed, {Provisioning}, InstanceStatus::ProvisioningFailed},
        {AgentSeen, {Booting}, Installing},
        {InstallFinished, {Booting, Installing}, Starting},
        {BecameReady, {Booting, Installing, Starting, Unavailable}, Ready},
        {StartupLimitPassed, {Booting, Installing, Starting}, StartupFailed},
        {LateWorker, {StartupFailed, Terminating}, Booting},
        {StoppedServing, {Ready, Starting}, Unavailable},
        {VerdictDead, {Ready, Unavailable, Draining}, WorkerDead},
        {WorkerRevived, {WorkerDead}, Ready},
        {RecoveryBegun, {WorkerDead}, Booting},
        {ReinstallByPerson, {StartupFailed, Unavailable, Ready, WorkerDead, Failed}, Booting},
        {DrainAsked, {Ready, Unavailable}, Draining},
        {UndrainAsked, {Draining}, Ready},
        {DrainFinished, {Draining}, Terminating},
        {TerminateAsked, alive, Terminating},
        {ProviderConfirmedGone, {Terminating}, Terminated},
        {DeletionRetriesUsedUp, {Terminating}, Failed},
        {ProviderProvedAbsent, alive, Terminated},
        {CleanUp, {InstanceStatus::ProvisioningFailed, StartupFailed, Failed}, Terminating},
        {ArchiveAsked, {Terminated}, Archived},
    };
}

} // namespace

class TestTransitions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPairIsAsInTheContract_data() {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("cause");
        QTest::addColumn<int>("to"); // -1: refused
        for (const Expected& row : contract()) {
            for (const InstanceStatus from : allInstanceStatuses) {
                const bool legal = row.from.contains(from);
                QTest::newRow(
                    qPrintable(toString(row.cause) + QStringLiteral(" from ") + toString(from)))
                    << int(from) << int(row.cause) << (legal ? int(row.to) : -1);
            }
            QTest::newRow(qPrintable(toString(row.cause) + QStringLiteral(" from unknown")))
                << int(Unknown) << int(row.cause) << -1;
        }
    }

    void everyPairIsAsInTheContract() {
        QFETCH(int, from);
        QFETCH(int, cause);
        QFETCH(int, to);
        const auto outcome = transition(InstanceStatus(from), TransitionCause(cause));
        if (to >= 0) {
            QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().message));
            QCOMPARE(toString(*outcome), toString(InstanceStatus(to)));
            return;
        }
        QVERIFY(!outcome);
        const Failure& failure = outcome.error();
        QVERIFY(failure.kind == FailureKind::Conflict || failure.kind == FailureKind::Invalid);
        QVERIFY2(failure.message.contains(toString(InstanceStatus(from))),
                 qPrintable(failure.message));
        QVERIFY2(failure.message.contains(u"possible"), qPrintable(failure.message));
    }

    void theTableHasNothingElse() {
        qsizetype expected = 0;
        for (const Expected& row : contract())
            expected += row.from.size();
        QCOMPARE(qsizetype(transitionTable().size()), expected);
    }

    void everyStateIsReachableAndEveryLivingOneCanBeLeft() {
        QSet<InstanceStatus> reached{Provisioning};
        QSet<InstanceStatus> left;
        bool grew = true;
        while (grew) {
            const auto before = reached.size();
            for (const Transition& row : transitionTable()) {
                if (reached.contains(row.from))
                    reached.insert(row.to);
                left.insert(row.from);
            }
            grew = reached.size() != before;
        }
        for (const InstanceStatus status : allInstanceStatuses) {
            QVERIFY2(reached.contains(status), qPrintable(toString(status)));
            QVERIFY2(left.contains(status) || status == Archived, qPrintable(toString(status)));
        }
    }

    void wordsAreDistinctAndReadBack() {
        QSet<QString> seen;
        for (const InstanceStatus status : allInstanceStatuses) {
            QVERIFY(instanceStatusFromString(toString(status)) == status);
            seen.insert(toString(status));
        }
        QCOMPARE(seen.size(), qsizetype(allInstanceStatuses.size()));
        QCOMPARE(toString(WorkerDead), QStringLiteral("worker_dead"));
        for (const QStringView odd : {u"", u"Ready", u" ready", u"READY", u"paused"})
            QVERIFY(instanceStatusFromString(odd) == Unknown);
        seen.clear();
        for (const Transition& row : transitionTable())
            seen.insert(toString(row.cause));
        QCOMPARE(seen.size(), contract().size());
    }

    void whatMayBeAsked_data() {
        QTest::addColumn<int>("action");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("hasProviderId");
        QTest::addColumn<QString>("says"); // empty: allowed
        const auto row = [](Action action, InstanceStatus status, bool machine, const char* says) {
            QTest::addRow("%s %s %d", qPrintable(toString(action)), qPrintable(toString(status)),
                          machine)
                << int(action) << int(status) << machine << QString::fromLatin1(says);
        };
        for (const InstanceStatus status : alive)
            row(Action::Terminate, status, false, "");
        row(Action::Terminate, Terminated, true, "already");
        row(Action::Terminate, Archived, true, "already");
        row(Action::Terminate, Unknown, true, "does not know");
        for (const InstanceStatus status :
             {StartupFailed, Unavailable, Ready, WorkerDead, Failed}) {
            row(Action::Reinstall, status, true, "");
            row(Action::Reinstall, status, false, "no machine at the provider");
        }
        for (const InstanceStatus status :
             {Provisioning, InstanceStatus::ProvisioningFailed, Draining, Terminating})
            row(Action::Reinstall, status, true, "possible when");
        row(Action::Reinstall, Booting, true, "once that has ended");
        row(Action::Reinstall, Terminated, true, "no machine left");
        row(Action::Reinstall, Archived, true, "no machine left");
        row(Action::Archive, Terminated, false, "");
        row(Action::Archive, Archived, true, "already");
        row(Action::Archive, Ready, true, "only a terminated instance");
        row(Action::Archive, Failed, true, "only a terminated instance");
    }

    void whatMayBeAsked() {
        QFETCH(int, action);
        QFETCH(int, status);
        QFETCH(bool, hasProviderId);
        QFETCH(QString, says);
        const auto why = whyNot(Action(action), InstanceStatus(status), hasProviderId);
        QCOMPARE(why.has_value(), !says.isEmpty());
        if (why)
            QVERIFY2(why->contains(says) && why->endsWith(u'.'), qPrintable(*why));
    }

    void refusalsHaveTheContractsStatus() {
        // 409 while terminating, 400 once terminated; archive 400 unless terminated.
        const auto kind = [](InstanceStatus from, TransitionCause cause) {
            return toString(transition(from, cause).error().kind);
        };
        QCOMPARE(kind(Terminating, TransitionCause::ReinstallByPerson),
                 toString(FailureKind::Conflict));
        QCOMPARE(kind(Terminated, TransitionCause::ReinstallByPerson),
                 toString(FailureKind::Invalid));
        QCOMPARE(kind(Ready, TransitionCause::ArchiveAsked), toString(FailureKind::Invalid));
        QCOMPARE(kind(Provisioning, TransitionCause::ReinstallByPerson),
                 toString(FailureKind::Conflict));
    }
};

QTEST_GUILESS_MAIN(TestTransitions)
#include "tst_transitions.moc"
