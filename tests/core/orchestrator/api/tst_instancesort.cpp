#include "core/orchestrator/api/instancesort.h"

#include <QTest>

using namespace vigie;

namespace {

Instance made(const char* id, const char* zone, std::optional<double> cost) {
    Instance instance;
    instance.id = InstanceId(QString::fromLatin1(id));
    instance.zone = QString::fromLatin1(zone);
    instance.costPerHour = cost;
    return instance;
}

} // namespace

class TestInstanceSort : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sorts_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<bool>("ascending");
        QTest::addColumn<QString>("order");
        QTest::newRow("cost up") << "cost_per_hour" << true << "cabde";
        QTest::newRow("cost down, absent still last") << "cost_per_hour" << false << "abcde";
        QTest::newRow("zone, ties by id") << "zone" << true << "bdaec";
        QTest::newRow("nothing told: by id") << "total_cost" << false << "abcde";
    }
    void sorts() {
        QFETCH(QString, key);
        QFETCH(bool, ascending);
        QFETCH(QString, order);
        const std::vector<Instance> all{made("e", "y", {}), made("d", "x", {}), made("c", "", 1),
                                        made("b", "x", 2), made("a", "y", 2)};
        std::vector<const Instance*> sorted;
        for (const Instance& each : all)
            sorted.push_back(&each);
        sortInstances(sorted, key, ascending);
        QString got;
        for (const Instance* each : sorted)
            got += each->id.value();
        QCOMPARE(got, order);
    }

    void keysAreTheContracts() {
        QCOMPARE(instanceSortKeys().join(QLatin1Char(' ')),
                 QStringLiteral("created_at status provider region zone type cost_per_hour "
                                "total_cost"));
    }
};

QTEST_GUILESS_MAIN(TestInstanceSort)
#include "tst_instancesort.moc"
