#include "core/store/openstore.h"
#include "core/store/postgres/serveraccess.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using stores::postgres::ServerAccess;

namespace {

struct Heard final : CallListener {
    void happened(const CallEvent& event) override {
        told.append(QString::fromLatin1(toString(event.kind)));
        key = QString::fromUtf8(event.key.data(), qsizetype(event.key.size()));
    }
    QStringList told;
    QString key;
};

const Failure away{FailureKind::Storage, QStringLiteral("nobody there"), 0, {}, {}, {}};

/// One try to connect, as a session makes it.
bool tryOnce(ServerAccess& access, ServerAccess::Time now, bool works) {
    CircuitPermit permit = access.circuit().acquire(now);
    if (!permit)
        return false;
    if (works) {
        permit.succeed(now);
        access.connected(now, 1ms);
    } else {
        access.failed(now, 1ms, away);
        permit.fail(now, ErrorClass::DbConnection, "nobody there");
    }
    return true;
}

} // namespace

class TestServerAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAtTheFirstFailureAndTellsIt() {
        Heard heard;
        StoreCalls calls = builtInStoreCalls();
        calls.listener = &heard;
        const ServerAccess::Time start{};
        ServerAccess access(calls, start);
        QVERIFY(tryOnce(access, start, false));
        QVERIFY(!tryOnce(access, start + 99ms, true));
        QCOMPARE(access.why().message, away.message);
        QVERIFY(tryOnce(access, start + 100ms, false)); // 0.1 s, then 0.2 s
        QVERIFY(!tryOnce(access, start + 299ms, true));
        QVERIFY(tryOnce(access, start + 300ms, true));
        QCOMPARE(heard.told.count(QStringLiteral("circuit_opened")), 2);
        QCOMPARE(heard.told.count(QStringLiteral("circuit_closed")), 1);
        QCOMPARE(heard.told.count(QStringLiteral("failure")), 2);
        QCOMPARE(heard.told.count(QStringLiteral("success")), 1);
        QCOMPARE(heard.key, QStringLiteral("store:postgresql"));
    }

    void itsNumbersAreThoseOfTheProfile() {
        StoreCalls calls = builtInStoreCalls();
        calls.profile.circuit->consecutiveFailures = 3;
        ServerAccess access(calls, {});
        for (int i = 0; i < 3; ++i)
            QVERIFY(tryOnce(access, {}, false));
        QVERIFY(!tryOnce(access, {}, false));
    }

    void switchedOffEachSessionTries_data() {
        QTest::addColumn<bool>("engine");
        QTest::addColumn<bool>("breaker");
        QTest::addColumn<int>("tries");
        QTest::newRow("RESILIENCE_ENABLED=false") << false << true << 1;
        QTest::newRow("CIRCUIT_BREAKER_ENABLED=false") << true << false << 3;
    }
    void switchedOffEachSessionTries() {
        QFETCH(bool, engine);
        QFETCH(bool, breaker);
        QFETCH(int, tries);
        StoreCalls calls = builtInStoreCalls();
        calls.enabled = engine;
        calls.circuitEnabled = breaker;
        ServerAccess access(calls, {});
        for (int i = 0; i < 5; ++i)
            QVERIFY(tryOnce(access, {}, false));
        QVERIFY(access.circuit().snapshot({}).effective == CircuitMode::Disabled);
        RetryPolicy retries = access.retries({});
        AttemptResult lost;
        lost.retryable = true;
        int made = 1;
        while (retries.afterFailure(lost, {}).wait)
            ++made;
        QCOMPARE(made, tries);
    }

    void aProfileWithoutABreakerHasNone() {
        StoreCalls calls = builtInStoreCalls();
        calls.profile.circuit.reset();
        ServerAccess access(calls, {});
        QVERIFY(tryOnce(access, {}, false) && tryOnce(access, {}, false));
    }
};

QTEST_GUILESS_MAIN(TestServerAccess)
#include "tst_serveraccess.moc"
