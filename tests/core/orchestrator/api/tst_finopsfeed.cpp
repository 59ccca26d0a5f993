#include "core/orchestrator/api/finopsfeed.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Ear : ControlFixture {
    EventFeed events{plane};
    FinopsFeed feed{plane, events};
    std::shared_ptr<ResponseStream> stream = events.open({EventFeed::topics(), {}, {}}).stream;

    ~Ear() { feed.stop(); }
    void write(qint64 number) {
        FinopsEvent event;
        event.number = number;
        event.id = QStringLiteral("e%1").arg(number);
        store.finops.push_back(event);
        std::ranges::sort(store.finops, {}, &FinopsEvent::number);
    }
    /// The numbers that are told now, in their order.
    QList<int> hears() {
        feed.look();
        clock.advance(FinopsFeed::gatherFor);
        QList<int> numbers;
        for (const QByteArray& part : stream->take().bytes.split('\n')) {
            const qsizetype at = part.indexOf("\"number\":");
            if (at >= 0)
                numbers.append(part.mid(at + 9, part.indexOf(',', at) - at - 9).toInt());
        }
        return numbers;
    }
};

} // namespace

class TestFinopsFeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasBeforeIsNotTold() {
        Ear ear;
        ear.write(1);
        ear.feed.start();
        QCOMPARE(ear.hears(), QList<int>());
        ear.write(2);
        QCOMPARE(ear.hears(), QList<int>{2});
        QCOMPARE(ear.hears(), QList<int>());
    }

    // Of two writers on one database the one with the smaller number may commit later.
    void aLateCommitIsToldOnce() {
        Ear ear;
        ear.store.isShared = true;
        ear.feed.start();
        ear.write(5);
        ear.write(7);
        QCOMPARE(ear.hears(), QList<int>({5, 7}));
        ear.write(6);
        QCOMPARE(ear.hears(), QList<int>{6});
        ear.write(8);
        QCOMPARE(ear.hears(), QList<int>{8});
    }

    void moreThanOneReadHoldsAreAllTold() {
        Ear ear;
        ear.store.isShared = true;
        ear.feed.start();
        for (int i = 1; i <= 520; ++i)
            ear.write(i);
        QList<int> all;
        for (int looks = 0; looks < 6; ++looks) {
            const QList<int> some = ear.hears();
            QVERIFY(some.size() <= 100); // a burst comes in portions
            all += some;
        }
        QCOMPARE(all.size(), 520);
        QCOMPARE(all.last(), 520);
        QCOMPARE(ear.hears().size(), 0);
    }

    void aStoreThatWasAwayIsReadWhenItIsBack() {
        Ear ear;
        ear.feed.start();
        ear.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        QCOMPARE(ear.hears(), QList<int>());
        ear.write(1);
        ear.store.failure.reset();
        QCOMPARE(ear.hears(), QList<int>{1});
    }
};

QTEST_GUILESS_MAIN(TestFinopsFeed)
#include "tst_finopsfeed.moc"
