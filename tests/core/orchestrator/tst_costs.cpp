#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Account : ControlFixture {
    InstanceId id{QStringLiteral("i")};

    Account() {
        InstanceRecord record;
        record.instance.id = id;
        record.instance.status = InstanceStatus::Provisioning;
        record.instance.pool = QStringLiteral("p");
        record.instance.costPerHour = 3.6;
        if (!finishedTask(plane.insert(record, {})))
            qFatal("insert failed");
    }
    void change(std::optional<TransitionCause> cause, std::function<void(Instance&)> edit = {}) {
        ControlPlane::Change change;
        change.cause = cause;
        if (edit)
            change.edit = [edit](InstanceRecord& record) { edit(record.instance); };
        const auto done = finishedTask(plane.apply(id, std::move(change)));
        if (!done)
            qFatal("%s", qPrintable(done.error().message));
    }
    void getsAMachine() {
        change({}, [](Instance& i) { i.providerInstanceId = QStringLiteral("m"); });
    }
    double total() const { return plane.find(id)->instance.totalCost.value_or(-1); }
    std::vector<FinopsKind> kinds() const {
        std::vector<FinopsKind> all;
        for (const FinopsEvent& event : store.finops)
            all.push_back(event.kind);
        return all;
    }
};

} // namespace

/// What an instance costs: the sum over the times in which it had a machine, whatever its state.
class TestCosts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // An hour of tries without a machine costs nothing.
    void nothingCostsBeforeThereIsAMachine() {
        Account a;
        a.clock.advance(1h);
        QVERIFY(a.store.finops.empty());
        a.getsAMachine();
        a.clock.advance(1000s); // at 3.6 an hour: 1.0
        a.change(TransitionCause::ProviderStarted);
        QCOMPARE(a.total(), 1.0);
        QVERIFY(a.kinds() == std::vector({FinopsKind::CostStarted, FinopsKind::CostUpdated}));
    }

    void eachStateAddsItsTime() {
        Account a;
        a.getsAMachine();
        a.change(TransitionCause::ProviderStarted);
        a.clock.advance(500s);
        a.change(TransitionCause::BecameReady);
        a.clock.advance(2000s);
        a.change(TransitionCause::TerminateAsked);
        a.clock.advance(500s);
        a.change(TransitionCause::ProviderConfirmedGone);
        QCOMPARE(a.total(), 3.0);
        a.clock.advance(24h); // it is gone
        a.change(TransitionCause::ArchiveAsked);
        QCOMPARE(a.total(), 3.0);
        const FinopsEvent& end = a.store.finops.back();
        QVERIFY(end.kind == FinopsKind::CostStopped);
        QCOMPARE(end.totalCost, 3.0);
        QCOMPARE(end.costPerHour, 0.0);
        QCOMPARE(std::ranges::count(a.kinds(), FinopsKind::CostStopped), 1);
    }

    // Whatever was decided before counts at its own price.
    void anotherPriceCountsFromItsChange() {
        Account a;
        a.getsAMachine();
        a.clock.advance(1000s);
        a.change({}, [](Instance& i) { i.costPerHour = 7.2; });
        a.clock.advance(1000s);
        a.change(TransitionCause::ProviderStarted);
        QCOMPARE(a.total(), 3.0);
    }

    void otherChangesAreNoEvents() {
        Account a;
        a.getsAMachine();
        const std::size_t before = a.store.finops.size();
        a.clock.advance(1000s);
        a.change({}, [](Instance& i) { i.healthCheckFailures = 3; });
        QCOMPARE(a.store.finops.size(), before);
        a.change(TransitionCause::ProviderStarted);
        QCOMPARE(a.total(), 1.0); // and lose no time
    }

    void aWallClockThatWasSetBackCostsNothing() {
        Account a;
        a.getsAMachine();
        a.clock.jumpWall(-1h);
        a.change(TransitionCause::ProviderStarted);
        QCOMPARE(a.total(), 0.0);
    }

    void withoutAPriceThereIsNothingToTell() {
        Account a;
        a.change({}, [](Instance& i) { i.costPerHour.reset(); });
        a.getsAMachine();
        a.change(TransitionCause::ProviderStarted);
        QVERIFY(a.store.finops.empty());
        QVERIFY(!a.plane.find(a.id)->instance.totalCost);
    }
};

QTEST_GUILESS_MAIN(TestCosts)
#include "tst_costs.moc"
