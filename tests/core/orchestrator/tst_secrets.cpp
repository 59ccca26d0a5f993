#include "core/orchestrator/secrets.h"

#include <QSet>
#include <QTest>

using namespace vigie;

class TestSecrets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachIsNewAndMatchesItsHashOnly() {
        QSet<QString> seen;
        for (int i = 0; i < 100; ++i) {
            const Secret secret = newSecret();
            QCOMPARE(secret.plain.size(), 43); // 256 bits in base64
            QVERIFY(!secret.hash.contains(secret.plain));
            QVERIFY(secretMatches(secret.plain, secret.hash));
            QVERIFY(!secretMatches(secret.plain + QLatin1Char('x'), secret.hash));
            QVERIFY(!seen.contains(secret.plain));
            seen.insert(secret.plain);
        }
    }

    // BLAKE2b-256 of "abc", as the reference implementation gives it.
    void knownHash() {
        QCOMPARE(
            hashSecret(QStringLiteral("abc")),
            QStringLiteral("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"));
    }

    void nothingMatchesNothing() {
        QVERIFY(!secretMatches({}, {}));
        QVERIFY(!secretMatches(QStringLiteral("x"), {}));
        QVERIFY(!secretMatches({}, QStringLiteral("abcd")));
        QVERIFY(
            secretMatches(QStringLiteral("caf\u00e9"), hashSecret(QStringLiteral("caf\u00e9"))));
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
