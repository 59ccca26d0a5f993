#include "core/resilience/registry.h"
#include "core/resilience/threadrunner.h"
#include "tests/core/resilience/manualtime.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const Pipeline::Time start{24h};

Profile named(const char* name, int failures = 5) {
    Profile profile;
    profile.name = name;
    profile.retry.maxAttempts = 1;
    profile.circuit->consecutiveFailures = failures;
    return profile;
}

ProfileSet profiles(int failures = 5) {
    ProfileSet set;
    set.put(named("api", failures));
    Profile llm = named("llm-task", failures);
    llm.timeout.callTimeout = 3s;
    llm.modelTimeouts = {{"llama-3", 30s}, {"llama-3-70b", 90s}, {"gpt-4-turbo", 45s}};
    set.put(llm);
    return set;
}

Result<int> failing(const CallContext&) {
    return CallError{ErrorClass::ServerError, "it failed", {}};
}

} // namespace

class TestRegistry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKeyIsOpenedOnceAndFound() {
        Registry registry(profiles());
        QVERIFY(!registry.find("orders"));
        const auto opened = registry.open("orders", "api", start);
        QVERIFY(opened);
        QCOMPARE(registry.find("orders"), opened.value().get());
        QCOMPARE(registry.forApi("orders", start).value().get(), opened.value().get());
        QCOMPARE(registry.pipelines().size(), std::size_t{1});
    }

    void whatIsMistypedIsRefused_data() {
        QTest::addColumn<std::string>("key");
        QTest::addColumn<std::string>("profile");
        QTest::addColumn<std::string>("says");
        QTest::newRow("profile") << std::string("orders") << std::string("apo")
                                 << std::string("\"orders\": there is no profile \"apo\"; there "
                                                "are api, llm-task");
        QTest::newRow("no key") << std::string() << std::string("api")
                                << std::string("a pipeline needs a key that is not empty");
        QTest::newRow("other profile")
            << std::string("taken") << std::string("llm-task")
            << std::string("\"taken\" is under profile api and can't be opened under llm-task");
    }
    void whatIsMistypedIsRefused() {
        QFETCH(std::string, key);
        QFETCH(std::string, profile);
        QFETCH(std::string, says);
        Registry registry(profiles());
        QVERIFY(registry.open("taken", "api", start));
        const auto opened = registry.open(key, profile, start);
        QVERIFY(!opened);
        QCOMPARE(opened.error().message, says);
        QCOMPARE(registry.pipelines().size(), std::size_t{1});
    }

    void modelsHaveTheirOwnTimeouts_data() {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<int>("seconds");
        QTest::newRow("exact") << std::string("gpt-4-turbo") << 45;
        QTest::newRow("family") << std::string("llama-3-8b") << 30;
        QTest::newRow("the longer name") << std::string("llama-3-70b-instruct") << 90;
        QTest::newRow("unknown") << std::string("mistral") << 3;
    }
    void modelsHaveTheirOwnTimeouts() {
        QFETCH(std::string, model);
        QFETCH(int, seconds);
        Registry registry(profiles());
        const auto opened = registry.forModel(model, start);
        QVERIFY(opened);
        QCOMPARE(opened.value()->key(), "model:" + model);
        QVERIFY(opened.value()->profile().timeout.callTimeout == std::chrono::seconds(seconds));
    }

    void aReloadKeepsTheState() {
        ManualTime time;
        Registry registry(profiles(2));
        const auto opened = registry.forApi("orders", time.now());
        Pipeline& pipeline = *opened.value();
        for (int i = 0; i < 2; ++i)
            QVERIFY(!runOnThread(pipeline, time, failing));
        QVERIFY(pipeline.circuit()->snapshot(time.now()).computed == CircuitMode::Open);
        QVERIFY(registry.forModel("llama-3-8b", time.now()));

        ProfileSet other = profiles(7);
        QCOMPARE(registry.reload(other, time.now()), std::string());
        const auto seen = pipeline.circuit()->snapshot(time.now());
        QVERIFY(seen.computed == CircuitMode::Open);
        QCOMPARE(seen.options.consecutiveFailures, 7);
        QCOMPARE(seen.options.name, std::string("orders"));
        QCOMPARE(registry.find("orders"), &pipeline);
        QVERIFY(registry.find("model:llama-3-8b")->profile().timeout.callTimeout == 30s);
        QVERIFY(!runOnThread(pipeline, time, failing));
        QCOMPARE(pipeline.circuit()->snapshot(time.now()).notPermitted, 1ULL);
    }

    void anUnusableReloadChangesNothing() {
        Registry registry(profiles(2));
        QVERIFY(registry.forApi("orders", start));
        ProfileSet broken = profiles(3);
        Profile bad = named("api");
        bad.retry.maxAttempts = 0;
        broken.put(bad);
        QCOMPARE(registry.reload(broken, start),
                 std::string("profile api: retry: maxAttempts is 0, but must be 1 (no retry) to "
                             "1000"));
        QCOMPARE(registry.reload(ProfileSet(), start),
                 std::string("\"orders\" needs it: there is no profile \"api\"; there are none"));
        QCOMPARE(registry.find("orders")->profile().circuit->consecutiveFailures, 2);
    }

    void manyKeysFromManyThreads() {
        constexpr int keys = 2000;
        Registry registry(profiles());
        std::atomic<bool> done{false};
        std::atomic<int> wrong{0};
        const auto keyOf = [](int i) { return "https://host/" + std::to_string(i); };
        std::thread reader([&] {
            while (!done) {
                for (int i = 0; i < keys; i += 7) {
                    const Pipeline* found = registry.find(keyOf(i));
                    wrong += found && found->key() != keyOf(i);
                }
            }
        });
        std::thread reloader([&] {
            for (int i = 1; i < 20 && !done; ++i)
                registry.reload(profiles(1 + i % 9), start);
        });
        std::vector<std::thread> openers;
        for (int t = 0; t < 2; ++t) {
            openers.emplace_back([&] {
                for (int i = 0; i < keys; ++i)
                    wrong += !registry.forApi(keyOf(i), start);
            });
        }
        for (std::thread& opener : openers)
            opener.join();
        done = true;
        reader.join();
        reloader.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(registry.pipelines().size(), std::size_t(keys));
        for (int i = 0; i < keys; ++i)
            QVERIFY(registry.find(keyOf(i)));
        QVERIFY(!registry.find("https://host/" + std::to_string(keys)));
    }
};

QTEST_GUILESS_MAIN(TestRegistry)
#include "tst_registry.moc"
