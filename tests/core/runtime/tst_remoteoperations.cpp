#include "tests/core/runtime/fakesource.h"

#include <QTest>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

const QString lyon = QStringLiteral("lyon");

/// An orchestrator that carries out operations by itself, with three instances.
struct Remote {
    Rig rig;
    std::shared_ptr<FakeWorld> world = rig.world(lyon);

    Remote() {
        world->operates = true;
        for (const char* id : {"a", "b", "c"})
            world->instances.push_back(machine(QString::fromLatin1(id)));
        rig.add(lyon);
        rig.clock.advance(3s);
    }
    std::vector<command::Act::Target> targets() const {
        std::vector<command::Act::Target> all;
        for (const Instance& instance : world->instances)
            all.push_back({SourceId(lyon), instance.id});
        return all;
    }
    void act() {
        rig.engine->submit(command::Act{OperationId(QStringLiteral("op")), Action::Replace,
                                        QStringLiteral("old"), targets()});
        rig.clock.advance(300ms);
    }
    void tell(std::initializer_list<ItemState> states, bool finished = false) {
        world->operation.items.clear();
        std::size_t place = 0;
        for (const ItemState state : states)
            world->operation.items.push_back(
                {world->instances[place++].id, state, QStringLiteral("told")});
        world->operation.finished = finished;
        rig.clock.advance(1500ms);
    }
    const Operation& operation() const { return rig.now().operations.at(0); }
};

} // namespace

class TestRemoteOperations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theShareIsBegunOnceAndFollowed() {
        Remote r;
        r.act();
        QCOMPARE(r.world->begun.size(), 3U);
        QCOMPARE(r.world->keys, std::vector<QByteArray>{"op"});
        QCOMPARE(r.world->acting, 0); // nothing is sent one by one
        QVERIFY(r.operation().remote);
        using enum ItemState;
        r.tell({Done, Running, Waiting});
        QVERIFY(r.operation().items[0].state == Done);
        QVERIFY(r.operation().items[1].state == Running);
        QCOMPARE(r.operation().items[1].message, QStringLiteral("told"));
        QVERIFY(!r.operation().finished);
        r.tell({Done, Failed, Skipped}, true);
        QVERIFY(r.operation().finished);
        const int follows = r.world->follows;
        r.rig.clock.advance(5s);
        QCOMPARE(r.world->follows, follows); // over: nobody asks any more
    }

    void itIsPausedAndAbortedThere() {
        Remote r;
        r.act();
        const OperationId id(QStringLiteral("op"));
        r.rig.engine->submit(command::ControlOperation{id, command::OperationVerb::Pause});
        QCOMPARE(r.world->verbs.size(), 1U);
        r.world->operation.paused = true;
        r.world->operation.pausedBecause = QStringLiteral("lunch");
        r.tell({ItemState::Running, ItemState::Waiting, ItemState::Waiting});
        QVERIFY(r.operation().paused);
        QCOMPARE(r.operation().pausedBecause, QStringLiteral("lunch"));
        r.rig.clock.advance(1500ms);
        r.rig.engine->submit(command::ControlOperation{id, command::OperationVerb::Abort});
        QVERIFY(r.world->verbs.back() == command::OperationVerb::Abort);
    }

    void aLostAnswerIsAskedForAgain() {
        Remote r;
        r.act();
        r.world->failure = broken();
        r.rig.clock.advance(3s);
        QVERIFY(!r.operation().finished);
        r.world->failure.reset();
        using enum ItemState;
        r.tell({Done, Done, Done}, true);
        QVERIFY(r.operation().finished);
    }

    void whatWasNotBegunIsSaid() {
        Remote r;
        r.world->refusal =
            Failure{FailureKind::Forbidden, QStringLiteral("viewer"), 403, {}, {}, {}};
        r.act();
        QVERIFY(r.operation().finished);
        for (const Operation::Item& item : r.operation().items) {
            QVERIFY(item.state == ItemState::Failed);
            QCOMPARE(item.message, QStringLiteral("viewer"));
        }
    }

    void aSourceThatIsRemovedLeavesItOpen() {
        Remote r;
        r.act();
        r.rig.engine->submit(command::RemoveSource{SourceId(lyon)});
        r.rig.clock.advance(3s);
        QVERIFY(r.operation().finished);
        for (const Operation::Item& item : r.operation().items)
            QVERIFY(item.state == ItemState::OutcomeUnknown);
    }

    void plansAreMergedUnderTheirQuestion() {
        Remote r;
        r.world->preview.items.push_back(
            {{}, InstanceId(QStringLiteral("a")), false, QStringLiteral("hold"), {}, false});
        r.world->preview.capacities.push_back({});
        const OperationId question(QStringLiteral("q1"));
        r.rig.engine->submit(command::PlanAction{question, Action::Drain, r.targets()});
        r.rig.clock.advance(300ms);
        const auto preview = r.rig.now().actionPreview;
        QVERIFY(preview && preview->id == question);
        QCOMPARE(preview->items.size(), 1U);
        QVERIFY(preview->items[0].source == SourceId(lyon));
        QCOMPARE(preview->items[0].guard, QStringLiteral("hold"));
        r.world->refusal = broken(QStringLiteral("no plan today"));
        r.rig.engine->submit(
            command::PlanAction{OperationId(QStringLiteral("q2")), Action::Drain, r.targets()});
        r.rig.clock.advance(300ms);
        QCOMPARE(r.rig.now().actionPreview->failures, QStringList{QStringLiteral("no plan today")});
    }
};

QTEST_GUILESS_MAIN(TestRemoteOperations)
#include "tst_remoteoperations.moc"
