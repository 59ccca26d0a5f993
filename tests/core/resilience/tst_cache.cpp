#include "core/resilience/cache.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const Cache::Time start{24h};

} // namespace

class TestCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesLiveAsLongAsTheirTtl() {
        Cache cache({30s, 10});
        QVERIFY(!cache.find<int>("a", start));
        cache.store("a", 1, start);
        QCOMPARE(*cache.find<int>("a", start + 29s), 1);
        QVERIFY(!cache.find<int>("a", start + 30s));
        cache.store("a", 2, start + 30s);
        QCOMPARE(*cache.find<int>("a", start + 59s), 2);
        QCOMPARE(cache.size(), std::size_t{1});
        QCOMPARE(cache.hits(), 2U);
        QCOMPARE(cache.misses(), 2U);
    }

    void anotherTypeIsNotFound() {
        Cache cache({30s, 10});
        cache.store("a", 1, start);
        QVERIFY(!cache.find<long>("a", start));
        cache.store("a", std::string("text"), start);
        QVERIFY(!cache.find<int>("a", start));
        QCOMPARE(*cache.find<std::string>("a", start), std::string("text"));
    }

    void theLeastRecentlyUsedGoesFirst() {
        Cache cache({30s, 3});
        for (const char* key : {"a", "b", "c"})
            cache.store(key, 1, start);
        QVERIFY(cache.find<int>("a", start));
        cache.store("d", 1, start);
        QVERIFY(!cache.find<int>("b", start));
        QVERIFY(cache.find<int>("a", start) && cache.find<int>("c", start));
        cache.reconfigure({30s, 1});
        QCOMPARE(cache.size(), std::size_t{1});
        QVERIFY(cache.find<int>("c", start));
    }

    void entriesCanBeForgotten() {
        Cache cache({30s, 3});
        cache.store("a", 1, start);
        cache.store("b", 1, start);
        cache.forget("a");
        cache.forget("never there");
        QVERIFY(!cache.find<int>("a", start));
        cache.clear();
        QCOMPARE(cache.size(), std::size_t{0});
        cache.store("a", 3, start);
        QCOMPARE(*cache.find<int>("a", start), 3);
    }

    void threadsShareIt() {
        Cache cache({30s, 20});
        std::vector<std::thread> all;
        std::atomic<int> wrong{0};
        for (int t = 0; t < 4; ++t) {
            all.emplace_back([&cache, &wrong, t] {
                for (int i = 0; i < 2000; ++i) {
                    const int number = (i * 7 + t) % 40;
                    const std::string key = "key " + std::to_string(number);
                    if (const auto found = cache.find<int>(key, start))
                        wrong += *found != number;
                    else
                        cache.store(key, number, start);
                }
            });
        }
        for (std::thread& thread : all)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QVERIFY(cache.size() <= 20);
    }
};

QTEST_GUILESS_MAIN(TestCache)
#include "tst_cache.moc"
