#include "core/orchestrator/actions/operations.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString leadership = QStringLiteral("leader");

/// One orchestrator of several; what others wrote is read before each of its seconds.
struct Side {
    FakeClock& clock;
    ControlPlane plane;
    Reinstaller reinstaller;
    Automation automation;
    OperationDesk desk;

    Side(FakeClock& c, MemoryStore& store, FakeProvider& provider)
        : clock(c), plane(c, store),
          reinstaller(plane, provider, QUrl(QStringLiteral("http://127.0.0.1:1"))),
          automation(plane, QStringLiteral("fake"), {}),
          desk({plane, provider, reinstaller, automation, [](const QString&) {}}, quick()) {}

    static ActionSettings quick() {
        ActionSettings settings;
        settings.waves = {1, 3, 0s, 0.2};
        return settings;
    }
    void join(const char* name) {
        if (!finishedTask(plane.replica().join(QString::fromLatin1(name), 15s)))
            qFatal("not joined");
    }
    void second() {
        clock.advance(1s);
        if (!finishedTask(plane.load()))
            qFatal("not read");
        desk.heed();
        finishedTask(desk.tick());
    }
    ActionLogId start(const QStringList& ids) {
        OperationDesk::Wish wish;
        wish.action = Action::Terminate;
        wish.ids = ids;
        wish.asker.reason = QStringLiteral("a test");
        wish.asker.correlationId = QStringLiteral("corr-1");
        const auto started = finishedTask(desk.start(std::move(wish)));
        if (!started)
            qFatal("%s", qPrintable(started.error().message));
        return started->id;
    }
    int count(const ActionLogId& id, ItemStage stage) const {
        return static_cast<int>(
            std::ranges::count(desk.find(id)->items, stage, &ActionItem::stage));
    }
    QString state(const ActionLogId& id) const { return stateOf(*desk.find(id)); }
};

/// One that leads and one that does not, and what is asked of whom.
struct Pair : ControlFixture {
    Side leading{clock, store, provider};
    Side other{clock, store, provider};
    QStringList ids;

    Pair() {
        for (int i = 0; i < 10; ++i) {
            ids.append(QStringLiteral("i%1").arg(i));
            add(ids.back(), InstanceStatus::Ready);
        }
        store.isShared = true;
        leading.join("leading");
        store.takenByOthers.insert(leadership);
        other.join("other");
        leading.second();
        other.second();
        if (!leading.plane.replica().leads() || other.plane.replica().leads())
            qFatal("not one leads");
    }
    /// The machines of those that are being terminated go.
    void confirmGone() {
        load();
        for (const QString& id : ids) {
            if (status(InstanceId(id)) == QLatin1String("terminating") &&
                !change(InstanceId(id), TransitionCause::ProviderConfirmedGone))
                qFatal("not gone");
        }
    }
    /// The lease of the one that leads ends, and the other takes over.
    void takeOver() {
        store.leaseLost = true;
        finishedTask(leading.plane.replica().tend());
        store.leaseLost = false;
        store.takenByOthers.clear();
        finishedTask(other.plane.replica().tend());
    }
    std::size_t items() const { return store.logsOf(actiontype::operationItem).size(); }
};

} // namespace

/// Operations where several orchestrators share a store.
class TestOperationReplicas : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void askedAnywhereDoneWhereTheLeadIs() {
        Pair p;
        const ActionLogId id = p.other.start(p.ids.mid(0, 3));
        p.other.second();
        QCOMPARE(p.items(), 0U);
        p.leading.second();
        QCOMPARE(p.items(), 1U);
        QCOMPARE(p.leading.count(id, ItemStage::Running), 1);
        QCOMPARE(p.other.count(id, ItemStage::Pending), 3);
        p.other.second();
        QCOMPARE(p.other.count(id, ItemStage::Running), 1);
        for (int i = 0; i < 4; ++i) {
            p.confirmGone();
            p.leading.second();
        }
        QCOMPARE(p.leading.state(id), QStringLiteral("finished"));
        p.other.second();
        QCOMPARE(p.other.state(id), QStringLiteral("finished"));
        QCOMPARE(p.other.count(id, ItemStage::Done), 3);
    }

    /// Nobody who asks both may see two fleets.
    void whoLooksSeesWhatTheOtherWrote() {
        Pair p;
        const ActionLogId id = p.other.start(p.ids.mid(0, 2));
        const auto seenBy = [](Side& side) {
            side.desk.heed(); // the store's word
            if (!finishedTask(side.desk.catchUp()))
                qFatal("not read");
        };
        QVERIFY(!p.leading.desk.find(id));
        seenBy(p.leading);
        QCOMPARE(p.leading.state(id), QStringLiteral("running"));
        for (int i = 0; i < 4; ++i) {
            p.leading.second();
            p.confirmGone();
        }
        QCOMPARE(p.leading.state(id), QStringLiteral("finished"));
        QCOMPARE(p.other.state(id), QStringLiteral("running"));
        seenBy(p.other);
        QCOMPARE(p.other.state(id), QStringLiteral("finished"));
        QCOMPARE(p.other.count(id, ItemStage::Done), 2);
    }

    void aPauseAndAnAbortCountWhoeverIsAsked() {
        Pair p;
        const ActionLogId id = p.leading.start(p.ids.mid(0, 5));
        p.leading.second();
        // It has not heard of the operation by itself yet.
        QVERIFY(finishedTask(p.other.desk.pause(id, Asker{})));
        p.confirmGone();
        p.leading.second();
        p.leading.second();
        QCOMPARE(p.leading.state(id), QStringLiteral("paused"));
        QCOMPARE(p.items(), 1U);
        QVERIFY(finishedTask(p.leading.desk.pause(id, Asker{}))); // the same pause
        QCOMPARE(p.store.logsOf(actiontype::operationPaused).size(), 1U);
        QVERIFY(finishedTask(p.other.desk.resume(id, Asker{})));
        p.leading.second();
        p.leading.second();
        QCOMPARE(p.items(), 4U);
        QVERIFY(finishedTask(p.other.desk.abort(id, Asker{})));
        p.confirmGone();
        p.leading.second();
        p.leading.second();
        QCOMPARE(p.leading.state(id), QStringLiteral("aborted"));
        QCOMPARE(p.leading.count(id, ItemStage::Skipped), 1);
        QVERIFY(!finishedTask(p.other.desk.resume(id, Asker{})));
    }

    void anotherTakesOverWhereTheJournalStands() {
        Pair p;
        const ActionLogId id = p.leading.start(p.ids.mid(0, 5));
        p.leading.second();
        p.confirmGone();
        p.leading.second();
        p.leading.second();
        QCOMPARE(p.items(), 4U);
        p.takeOver();
        QVERIFY(p.other.plane.replica().leads() && !p.leading.plane.replica().leads());
        p.leading.second(); // its lead is over: it only looks
        p.other.second();
        QCOMPARE(p.items(), 4U);
        QCOMPARE(p.other.count(id, ItemStage::Running), 3);
        for (int i = 0; i < 4; ++i) {
            p.confirmGone();
            p.leading.second();
            p.other.second();
        }
        QCOMPARE(p.other.state(id), QStringLiteral("finished"));
        QCOMPARE(p.items(), 5U);
        QCOMPARE(p.store.logsOf(actiontype::requestTerminate).size(), 5U);
    }

    void whatALostLeaseRefusedIsNotGivenUp() {
        Pair p;
        const ActionLogId id = p.leading.start(p.ids.mid(0, 2));
        p.store.leaseLost = true; // it does not know yet
        p.leading.second();
        p.leading.second();
        QCOMPARE(p.items(), 0U);
        QCOMPARE(p.leading.count(id, ItemStage::Pending), 2);
        p.takeOver();
        p.other.second();
        QCOMPARE(p.items(), 1U);
        QCOMPARE(p.other.count(id, ItemStage::Running), 1);
        QCOMPARE(p.other.count(id, ItemStage::Skipped), 0);
    }

    void whoIsToStopBeginsNothing() {
        Pair p;
        const ActionLogId id = p.leading.start(p.ids.mid(0, 2));
        p.leading.desk.requestStop();
        p.leading.second();
        QCOMPARE(p.items(), 0U);
        QVERIFY(p.leading.desk.idle());
        p.leading.desk.restart();
        p.leading.second();
        QCOMPARE(p.leading.count(id, ItemStage::Running), 1);
    }
};

QTEST_GUILESS_MAIN(TestOperationReplicas)
#include "tst_operationreplicas.moc"
