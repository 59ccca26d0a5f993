#include "core/calls/profilecodec.h"
#include "core/calls/profilefields.h"
#include "core/calls/profiles.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Settled {
    const char* name;
    int attempts;
    double first, factor, cap, jitter; // seconds
    int failures, successes;           // 0: no breaker
    double open, call;
};

// The table of the settled numbers of the seeds.
constexpr Settled settled[] = {
    {"production", 3, 0.5, 1.5, 10, 0.1, 5, 1, 60, 10},
    {"llm-task", 3, 0.2, 2, 30, 0.3, 5, 1, 30, 3},
    {"api", 3, 1, 2, 10, 0.1, 5, 2, 30, 30},
    {"database", 3, 0.1, 2, 1, 0.1, 10, 3, 10, 5},
    {"filesystem", 3, 0.05, 2, 0.5, 0.1, 0, 0, 0, 10},
    {"workflow-node", 3, 0.5, 2, 5, 0.2, 3, 2, 60, 120},
};

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

void write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

} // namespace

class TestProfiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSettledNumbersAreBuiltIn() {
        for (const Settled& row : settled) {
            const Profile* profile = builtInProfiles().find(row.name);
            QVERIFY2(profile, row.name);
            QCOMPARE(profile->problem(), std::string());
            QCOMPARE(profile->retry.maxAttempts, row.attempts);
            QCOMPARE(seconds(profile->retry.backoff.first), row.first);
            QCOMPARE(profile->retry.backoff.factor, row.factor);
            QCOMPARE(seconds(profile->retry.backoff.max), row.cap);
            QCOMPARE(profile->retry.backoff.share, row.jitter);
            QCOMPARE(profile->circuit.has_value(), row.failures > 0);
            if (profile->circuit) {
                QCOMPARE(profile->circuit->consecutiveFailures, row.failures);
                QCOMPARE(profile->circuit->successesToClose, row.successes);
                QCOMPARE(seconds(profile->circuit->waitDurationInOpenState), row.open);
            }
            QCOMPARE(seconds(profile->timeout.callTimeout), row.call);
        }
        const Profile& instance = *builtInProfiles().find("instance");
        QCOMPARE(instance.retry.maxAttempts, 1);
        QVERIFY(instance.circuit->waitDurationInOpenState == 300s);
    }

    void modelsHaveTheirOwnTimeouts_data() {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<int>("limit");
        QTest::newRow("gpt") << QByteArray("gpt-4-turbo") << 45;
        QTest::newRow("claude") << QByteArray("claude-3-opus") << 120;
        QTest::newRow("llama") << QByteArray("llama-3-70b-instruct") << 30;
        QTest::newRow("gemma 2") << QByteArray("gemma-2-2b") << 15;
        QTest::newRow("gemma 3") << QByteArray("gemma-3-270m") << 10;
        QTest::newRow("other") << QByteArray("mistral") << 3;
    }
    void modelsHaveTheirOwnTimeouts() {
        QFETCH(QByteArray, model);
        QFETCH(int, limit);
        const Profile profile = builtInProfiles().find("llm-task")->forModel(model.constData());
        QCOMPARE(seconds(profile.timeout.callTimeout), double(limit));
    }

    void aFileChangesWhatItMentions() {
        const auto set = readProfiles("[api]\n"
                                      "order = [\"retry\", \"timeout\"]\n"
                                      "[api.retry]\n"
                                      "attempts = 7\n"
                                      "jitter = \"decorrelated\"\n"
                                      "growth = \"linear\"\n"
                                      "[api.retry_budget]\n"
                                      "share = 0.2\n"
                                      "[api.circuit_breaker]\n"
                                      "sliding_window_type = \"time_based\"\n"
                                      "ignored_errors = [\"rate_limited\", \"cancelled\"]\n"
                                      "[api.circuit_breaker.error_weights]\n"
                                      "gpu_out_of_memory = 2\n"
                                      "timeout = 0.5\n"
                                      "[api.fallback]\n"
                                      "only = [\"model_not_found\"]\n"
                                      "[api.bulkhead]\n"
                                      "max_concurrent_calls = 4\n"
                                      "[database.circuit_breaker]\n"
                                      "enabled = false\n"
                                      "[llm-task.model_timeouts]\n"
                                      "\"gpt-4.1\" = 33.5\n",
                                      QStringLiteral("f.toml"), builtInProfiles());
        QVERIFY2(set, qPrintable(set ? QString() : set.error().message));
        const Profile& api = *set->find("api");
        QCOMPARE(api.retry.maxAttempts, 7);
        QVERIFY(api.retry.backoff.jitter == BackoffOptions::Jitter::Decorrelated);
        QVERIFY(api.retry.backoff.growth == BackoffOptions::Growth::Linear);
        QVERIFY(api.retry.backoff.first == 1s); // not mentioned
        QCOMPARE(api.retryBudget.share, 0.2);
        QVERIFY(api.circuit->slidingWindowType == SlidingWindowType::TimeBased);
        QCOMPARE(api.circuit->successesToClose, 2);
        QVERIFY((api.circuit->ignoredErrors ==
                 std::vector{ErrorClass::RateLimited, ErrorClass::Cancelled}));
        QCOMPARE(api.circuit->errorWeights.at(ErrorClass::GpuOutOfMemory), 2.0);
        QCOMPARE(api.circuit->errorWeights.at(ErrorClass::Timeout), 0.5);
        QVERIFY(api.fallback.handles(ErrorClass::ModelNotFound));
        QVERIFY(!api.fallback.handles(ErrorClass::Timeout));
        QCOMPARE(api.bulkhead->maxConcurrentCalls, 4);
        QCOMPARE(api.order.size(), std::size_t{2});
        QVERIFY(!set->find("database")->circuit);
        QVERIFY(set->find("llm-task")->forModel("gpt-4.1").timeout.callTimeout == 33500ms);
    }

    void mistakesSayWhere_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("says");
        QTest::newRow("value") << QByteArray("[api.retry]\nattempts = 0\n")
                               << "f.toml:2: api.retry.attempts is 0, but must be a whole number "
                                  "from 1 to 1000";
        QTest::newRow("type") << QByteArray("[api.retry]\nattempts = \"3\"\n")
                              << "f.toml:2: api.retry.attempts is \"3\", but must be a whole "
                                 "number from 1 to 1000";
        QTest::newRow("key") << QByteArray("[api.retry]\natempts = 3\n")
                             << "f.toml:2: api.retry.atempts: there is no such key; did you mean "
                                "retry.attempts?";
        QTest::newRow("profile") << QByteArray("[databse.retry]\nattempts = 3\n")
                                 << "f.toml:2: databse.retry.attempts: there is no profile "
                                    "\"databse\"; did you mean database?";
        QTest::newRow("order") << QByteArray("[api]\norder = [\"retry\", \"luck\"]\n")
                               << "f.toml:2: api.order is [ 'retry', 'luck' ], but must be a list "
                                  "of fallback, cache, bulkhead, retry, rate_limiter, hedge, "
                                  "circuit_breaker, timeout, fault_injection";
        QTest::newRow("together") << QByteArray("[api.circuit_breaker]\n"
                                                "sliding_window_size = 5\n")
                                  << "f.toml: profile api: circuit: minimumNumberOfCalls is 10, "
                                     "but must be in 1..slidingWindowSize";
        QTest::newRow("model") << QByteArray("[api.model_timeouts]\nx = -1\n")
                               << "f.toml:2: api.model_timeouts.x is -1, but must be seconds from "
                                  "0.001 to 86400";
        QTest::newRow("ignored") << QByteArray("[api.circuit_breaker]\nignored_errors = \"all\"\n")
                                 << "f.toml:2: api.circuit_breaker.ignored_errors is \"all\", but "
                                    "must be a list of error classes, such as rate_limited";
        QTest::newRow("fallback")
            << QByteArray("[api.fallback]\nonly = [\"luck\"]\n")
            << "f.toml:2: api.fallback.only is [ 'luck' ], but must be a list "
               "of error classes, such as rate_limited";
        QTest::newRow("weight") << QByteArray("[api.circuit_breaker.error_weights]\ntimeout = 11\n")
                                << "f.toml:2: api.circuit_breaker.error_weights.timeout is 11, but "
                                   "must be a number from 0 to 10";
        QTest::newRow("class")
            << QByteArray("[api.circuit_breaker.error_weights]\ntimeuot = 1\n")
            << "f.toml:2: api.circuit_breaker.error_weights.timeuot: there is no "
               "such error class; did you mean timeout?";
        QTest::newRow("syntax") << QByteArray("[api\n") << "f.toml:1: this is not TOML";
    }
    void mistakesSayWhere() {
        QFETCH(QByteArray, toml);
        QFETCH(QString, says);
        const auto set = readProfiles(toml, QStringLiteral("f.toml"), builtInProfiles());
        QVERIFY(!set);
        QVERIFY2(set.error().message.startsWith(says), qPrintable(set.error().message));
    }

    void everyKeyIsDocumented() {
        QFile file(QStringLiteral(VIGIE_SOURCE_DIR "/docs/resilience.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray page = file.readAll();
        for (const ProfileField& field : profileFields()) {
            QVERIFY2(page.contains('[' + field.spec.section.toUtf8() + ']'),
                     qPrintable(field.spec.section));
            QVERIFY2(page.contains(field.spec.key.toUtf8()), qPrintable(field.spec.path()));
        }
        for (const char* free : {"ignored_errors", "[circuit_breaker.error_weights]", "[fallback]"})
            QVERIFY2(page.contains(free), free);
    }

    void aFolderHasAFileForEachProfile() {
        QTemporaryDir folder;
        write(folder.filePath(QStringLiteral("api.toml")), "[retry]\nattempts = 9\n");
        const auto set = loadProfiles(folder.path());
        QVERIFY(set);
        QCOMPARE(set->find("api")->retry.maxAttempts, 9);
        QCOMPARE(set->find("database")->retry.maxAttempts, 3);
        write(folder.filePath(QStringLiteral("apo.toml")), "[retry]\nattempts = 9\n");
        const auto wrong = loadProfiles(folder.path());
        QVERIFY(!wrong);
        QVERIFY(wrong.error().message.contains(QStringLiteral("there is no profile \"apo\"")));
        QVERIFY(!loadProfiles(QStringLiteral("/nowhere/at/all")));
    }

    void aChangedFileIsPutIntoForce() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("p.toml"));
        write(path, "[api.circuit_breaker]\nconsecutive_failures = 1\n");
        FakeClock clock;
        Registry registry(*loadProfiles(path));
        const auto opened = registry.forApi("orders", clock.now());
        Pipeline& pipeline = *opened.value();
        pipeline.circuit()->acquire(clock.now()).fail(clock.now(), "it failed");
        ProfileWatch watch(clock, registry, path);

        write(path, "[api.circuit_breaker]\nconsecutive_failures = 2\n");
        clock.advance(5s);
        QCOMPARE(pipeline.profile().circuit->consecutiveFailures, 2);
        QVERIFY(pipeline.circuit()->snapshot(clock.now()).computed == CircuitMode::Open);

        write(path, "[api.circuit_breaker]\nconsecutive_failures = -2\n");
        clock.advance(5s);
        QCOMPARE(pipeline.profile().circuit->consecutiveFailures, 2); // as it was
        QVERIFY(!watch.reload());

        write(path, "");
        QVERIFY(watch.reload());
        QCOMPARE(pipeline.profile().circuit->consecutiveFailures, 5);
    }
};

QTEST_GUILESS_MAIN(TestProfiles)
#include "tst_profiles.moc"
