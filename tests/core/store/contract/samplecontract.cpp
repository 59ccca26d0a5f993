#include "tests/core/store/contract/storecontract.h"

namespace vigie {

namespace {

WallTime minute(int n) {
    return WallTime(std::chrono::seconds(1'700'000'000) + std::chrono::minutes(n));
}

StoredSample sampleAt(const InstanceId& id, int n) {
    StoredSample row{id, {minute(n), {}, SystemActivity{}}};
    row.sample.gpus.push_back({3, {static_cast<float>(n), 12.5F, 61, 250.25F, 300}});
    row.sample.system->fill(0.5F);
    return row;
}

} // namespace

// No instance need exist: nothing hangs on a sample.
void StoreContract::samplesAreReadByTimeAndInstance() {
    const InstanceId a(QStringLiteral("a"));
    const InstanceId b(QStringLiteral("b"));
    std::vector<StoredSample> rows;
    for (int n = 0; n < 250; ++n)
        rows.push_back(sampleAt(n % 2 ? b : a, n));
    QVERIFY(await(m_store->saveSamples(rows))->has_value());
    QVERIFY(await(m_store->saveSamples({}))->has_value());
    reopen();
    const auto read = [this](SampleQuery query) {
        const auto got = await(m_store->samples(std::move(query)));
        return got && *got ? **got : std::vector<StoredSample>();
    };
    const auto all = read({minute(-1), minute(250), {}, 1000});
    QCOMPARE(all.size(), rows.size());
    QCOMPARE(all[0].instanceId, a);
    QCOMPARE(all[249].instanceId, b);
    QVERIFY(all[0].sample.at == minute(0) && all[1].sample.at == minute(2));
    QCOMPARE(encodeActivityFigures(all[1].sample), encodeActivityFigures(rows[2].sample));

    const auto some = read({minute(10), minute(20), b, 1000});
    QCOMPARE(some.size(), std::size_t(5)); // 11, 13, ... 19
    QVERIFY(some.front().sample.at == minute(11) && some.back().sample.at == minute(19));
    QCOMPARE(read({minute(9), minute(10), {}, 1000}).size(), std::size_t(1));
    QCOMPARE(read({minute(-1), minute(250), {}, 7}).size(), std::size_t(7));
    QVERIFY(read({minute(0), minute(250), InstanceId(QStringLiteral("c")), 1000}).empty());
}

void StoreContract::oldSamplesAreRemovedFromTheOldest() {
    std::vector<StoredSample> rows;
    for (int n = 0; n < 10; ++n)
        rows.push_back(sampleAt(firstId(), n));
    QVERIFY(await(m_store->saveSamples(rows))->has_value());
    const auto removed = [this](int until, int most) {
        const auto done = await(m_store->removeSamples(minute(until), most));
        return done && *done ? **done : -1;
    };
    QCOMPARE(removed(4, 3), 3);
    const auto left = await(m_store->samples({minute(-1), minute(99), {}, 100}));
    QVERIFY(left && *left && (*left)->size() == 7);
    QVERIFY((**left)[0].sample.at == minute(3));
    QCOMPARE(removed(4, 3), 2);
    QCOMPARE(removed(4, 3), 0);
}

} // namespace vigie
