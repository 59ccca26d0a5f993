#include "core/base/door.h"

#include <QTest>

#include <memory>
#include <thread>

using namespace vigie;

class TestDoor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void workRunsHereInOrder() {
        Door door;
        QList<int> seen;
        const auto here = std::this_thread::get_id();
        bool allHere = true;
        std::thread other([handle = door.handle(), &seen, &allHere, here] {
            for (int i = 0; i < 100; ++i) {
                // The value crosses by pointer: a race here is what ThreadSanitizer must not see.
                handle.post([&seen, &allHere, here, value = std::make_shared<const int>(i)] {
                    seen.append(*value);
                    allHere = allHere && std::this_thread::get_id() == here;
                });
            }
        });
        QTRY_COMPARE(seen.size(), 100);
        other.join();
        QVERIFY(allHere);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(seen.at(i), i);
    }

    void aClosedDoorDropsWork() {
        Door::Handle handle;
        QVERIFY(!handle.post([] {}));
        bool ran = false;
        {
            const Door door;
            handle = door.handle();
            QVERIFY(handle.post([&ran] { ran = true; }));
        }
        QVERIFY(!handle.post([&ran] { ran = true; }));
        QCoreApplication::processEvents();
        QVERIFY(!ran);
    }
};

QTEST_GUILESS_MAIN(TestDoor)
#include "tst_door.moc"
