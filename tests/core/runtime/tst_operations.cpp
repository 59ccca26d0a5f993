#include "tests/core/runtime/fakesource.h"

#include <QTest>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

const QString paris = QStringLiteral("paris");

struct Desk {
    Rig rig;
    std::shared_ptr<FakeWorld> world = rig.world(paris);

    explicit Desk(int machines) {
        for (int i = 0; i < machines; ++i)
            world->instances.push_back(
                machine(QStringLiteral("i%1").arg(i, 2, 10, QLatin1Char('0'))));
        rig.add(paris);
        rig.clock.advance(3s);
    }
    void act(Action action, const QString& reason = QStringLiteral("because"),
             const QString& id = QStringLiteral("op1")) {
        command::Act ask{OperationId(id), action, reason, {}};
        for (const Instance& instance : world->instances)
            ask.targets.push_back({SourceId(paris), instance.id});
        rig.engine->submit(ask);
    }
    const Operation& operation() const { return rig.now().operations.at(0); }
    int count(ItemState state) const {
        return static_cast<int>(
            std::ranges::count(operation().items, state, &Operation::Item::state));
    }
};

} // namespace

class TestOperations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aResultForEachItemAndThenAPoll() {
        Desk desk(3);
        desk.world->act = [](const InstanceId& id) -> Outcome<QString> {
            if (id.value() == QLatin1String("i01"))
                return fail(FailureKind::Conflict, QStringLiteral("guard blast_radius"));
            return QStringLiteral("being terminated");
        };
        const int polls = desk.world->polls;
        desk.act(Action::Terminate);
        desk.rig.clock.advance(300ms);
        QVERIFY(desk.operation().finished);
        QCOMPARE(desk.count(ItemState::Done), 2);
        QCOMPARE(desk.operation().items[0].message, QStringLiteral("being terminated"));
        QVERIFY(desk.operation().items[1].state == ItemState::Failed);
        QCOMPARE(desk.operation().items[1].message, QStringLiteral("guard blast_radius"));
        QVERIFY(desk.world->polls > polls);
        QCOMPARE(desk.world->reasons, QStringList(3, QStringLiteral("because")));
    }

    void fourAtOnceAtMost() {
        Desk desk(25);
        desk.world->silent = true;
        desk.act(Action::Reinstall);
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.count(ItemState::Running), 4);
        QCOMPARE(desk.count(ItemState::Waiting), 21);
        QVERIFY(!desk.operation().finished);
        desk.world->release();
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.count(ItemState::Done), 25);
        QCOMPARE(desk.world->mostActing, 4);
    }

    void everyItemHasAKeyOfItsOwn() {
        Desk desk(5);
        desk.act(Action::Terminate);
        desk.rig.clock.advance(300ms);
        const std::set<QByteArray> keys(desk.world->keys.begin(), desk.world->keys.end());
        QCOMPARE(keys.size(), 5u);
        QVERIFY(keys.contains("op1/i00"));
    }

    void whatIsImpossibleIsSkippedWithTheReason() {
        Desk desk(2);
        desk.act(Action::Archive);
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.count(ItemState::Skipped), 2);
        QVERIFY(desk.operation().items[0].message.contains(QLatin1String("archived")));
        QVERIFY(desk.world->keys.empty());
        QVERIFY(desk.operation().finished);
    }

    void whatIsGoneIsSkipped() {
        Desk desk(1);
        desk.rig.engine->submit(command::Act{
            OperationId(QStringLiteral("x")),
            Action::Terminate,
            QStringLiteral("why"),
            {{SourceId(paris), InstanceId(QStringLiteral("nobody"))},
             {SourceId(QStringLiteral("nowhere")), InstanceId(QStringLiteral("i00"))}}});
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.count(ItemState::Skipped), 2);
    }

    void anUnknownOutcomeIsSaidToBeUnknown_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("unknown");
        QTest::newRow("lost answer") << int(FailureKind::OutcomeUnknown) << true;
        QTest::newRow("time-out") << int(FailureKind::Timeout) << true;
        QTest::newRow("refused") << int(FailureKind::Network) << false;
        QTest::newRow("breaker") << int(FailureKind::BreakerOpen) << false;
        QTest::newRow("forbidden") << int(FailureKind::Forbidden) << false;
    }
    void anUnknownOutcomeIsSaidToBeUnknown() {
        QFETCH(int, kind);
        QFETCH(bool, unknown);
        Desk desk(1);
        desk.world->act = [kind](const InstanceId&) -> Outcome<QString> {
            return fail(static_cast<FailureKind>(kind), QStringLiteral("hm"));
        };
        desk.act(Action::Terminate);
        desk.rig.clock.advance(300ms);
        QVERIFY(desk.operation().items[0].state ==
                (unknown ? ItemState::OutcomeUnknown : ItemState::Failed));
    }

    void noReasonNoAction() {
        Desk desk(2);
        desk.act(Action::Terminate, QStringLiteral("  "));
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.count(ItemState::Failed), 2);
        QVERIFY(desk.world->keys.empty());
    }

    void theSameOperationRunsOnce() {
        Desk desk(1);
        desk.act(Action::Terminate);
        desk.act(Action::Terminate);
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.rig.now().operations.size(), 1u);
        QCOMPARE(desk.world->keys.size(), 1u);
    }

    void theNewestTwentyAreKept() {
        Desk desk(1);
        for (int i = 0; i < 30; ++i)
            desk.act(Action::Terminate, QStringLiteral("why"), QString::number(i));
        desk.rig.clock.advance(300ms);
        QCOMPARE(desk.rig.now().operations.size(), 20u);
        QCOMPARE(desk.operation().id.value(), QStringLiteral("29"));
    }

    void removingTheSourceLeavesTheOutcomeOpen() {
        Desk desk(6);
        desk.world->silent = true;
        desk.act(Action::Terminate);
        desk.rig.clock.advance(300ms);
        desk.rig.engine->submit(command::RemoveSource{SourceId(paris)});
        desk.rig.clock.advance(1s);
        QVERIFY(desk.operation().finished);
        QCOMPARE(desk.count(ItemState::OutcomeUnknown), 4);
        QCOMPARE(desk.count(ItemState::Skipped), 2);
    }
};

QTEST_GUILESS_MAIN(TestOperations)
#include "tst_operations.moc"
