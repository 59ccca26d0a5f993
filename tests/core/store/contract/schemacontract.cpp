#include "core/store/storeupkeep.h"
#include "tests/core/store/contract/storecontract.h"

#include <QFile>

namespace vigie {

// From the newest file that is not newer, on by the steps that a migration would take.
void StoreContract::openOld(int version) {
    m_store.reset();
    m_place = newPlace();
    const int written = version < 3 ? 1 : 3;
    QFile file(schemaFile(written));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(makeDatabase(file.readAll()));
    const auto keeper = storeUpkeep(m_place);
    QVERIFY(keeper.has_value());
    const auto way = (*keeper)->migrate(true);
    QVERIFY2(way.has_value(), way ? "" : qPrintable(way.error().message));
    QCOMPARE(way->from, written);
    for (const Migration::Step& step : way->steps) {
        if (step.version > version)
            break;
        QVERIFY(makeDatabase(
            (step.statements.join(QLatin1String(";\n")) + QLatin1String(";\n")).toUtf8()));
        if (step.then.run) {
            const auto connection = connectAsItIs();
            QVERIFY(connection.has_value());
            QVERIFY(step.then.run(**connection).has_value());
        }
        QVERIFY(makeDatabase((saysVersion(step.version) + QLatin1String(";\n")).toUtf8()));
    }
    const auto left = (*keeper)->migrate(true);
    QVERIFY(left.has_value());
    QCOMPARE(left->from, version); // looking at it has changed nothing
    QCOMPARE(int(left->steps.size()), way->to - version);
    reopen();
}

void StoreContract::aDatabaseOfAnyVersionIsBroughtUp_data() {
    QTest::addColumn<int>("version");
    m_store.reset();
    const auto keeper = storeUpkeep(m_place);
    const auto way = keeper ? (*keeper)->migrate(true) : fail(keeper.error());
    QVERIFY(way.has_value());
    QVERIFY(way->steps.empty()); // the one of now
    for (int version = 1; version < way->to; ++version)
        QTest::addRow("version %d", version) << version;
}

void StoreContract::aDatabaseOfAnyVersionIsBroughtUp() {
    QFETCH(int, version);
    openOld(version);
    FleetContents read = contents();
    QCOMPARE(read.instances.size(), std::size_t(1));
    InstanceRecord& record = read.instances[0];
    QVERIFY(record.instance.status == InstanceStatus::Ready);
    QCOMPARE(record.version, 3);
    QCOMPARE(record.instance.incarnation, 2);
    QVERIFY(!record.heardAgo);
    QCOMPARE(read.storeId, QStringLiteral("a1b2c3d4-0000-4000-8000-000000000001"));
    QCOMPARE(read.epoch, 6);
    // What was begun before there were leases is nobody's that runs.
    const auto forgotten = await(m_store->forgottenActions());
    QVERIFY(forgotten && *forgotten && (*forgotten)->size() == 1);
    // And it takes what is new.
    QVERIFY(await(m_store->join(QStringLiteral("a"), std::chrono::minutes(5)))->has_value());
    const QStringList name{record.instance.id.value()};
    const auto claimed = await(m_store->claim(name));
    QVERIFY(claimed && *claimed && **claimed == name);
    record.instance.errorMessage = QStringLiteral("new");
    ChangeSet set;
    set.updates.push_back(record);
    QVERIFY(commit(set));
    reopen();
    QCOMPARE(contents().instances.at(0).version, 4);
    QCOMPARE(verified().broken, QString());
}

} // namespace vigie
