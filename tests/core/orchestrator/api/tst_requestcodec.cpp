#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/requestcodec.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;

class TestRequestCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsADeployment() {
        const auto request =
            decodeDeployment("{\"provider_code\":\"mock\",\"zone\":\" a "
                             "\",\"instance_type\":\"t\",\"model_id\":\"m\",\"more\":1}");
        QVERIFY(request);
        QCOMPARE(request->providerCode, QStringLiteral("mock"));
        QCOMPARE(request->zone, QStringLiteral("a"));
        QCOMPARE(request->instanceType, QStringLiteral("t"));
        QCOMPARE(request->modelId, QStringLiteral("m"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "the body is empty";
        QTest::newRow("blanks") << QByteArray("  \n") << "the body is empty";
        QTest::newRow("no json") << QByteArray("{\n  \"zone\": oops}") << "line 2, column";
        QTest::newRow("html") << QByteArray("<html>") << "line 1, column";
        QTest::newRow("array") << QByteArray("[]") << "array";
        QTest::newRow("nothing in it") << QByteArray("{}") << "\"provider_code\" is missing";
        QTest::newRow("number") << QByteArray("{\"provider_code\":1}") << "is not a text";
        QTest::newRow("null") << QByteArray("{\"provider_code\":null}") << "is not a text";
        QTest::newRow("blank") << QByteArray("{\"provider_code\":\" \"}") << "is empty";
        QTest::newRow("long") << QByteArray("{\"provider_code\":\"") + QByteArray(201, 'x') + "\"}"
                              << "over 200 characters";
        QTest::newRow("line break") << QByteArray("{\"provider_code\":\"a\\nb\"}") << "U+000a";
        QTest::newRow("deep") << QByteArray(5000, '[') << "the body is not JSON";
    }
    void refuses() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const auto request = decodeDeployment(body);
        QVERIFY(!request);
        QVERIFY(request.error().kind == FailureKind::Invalid);
        QVERIFY2(request.error().message.contains(says), qPrintable(request.error().message));
    }

    void findsNul() {
        QVERIFY(holdsNul(QByteArray("{\"r\":\"a\0b\"}", 11)));
        QVERIFY(holdsNul("{\"r\":\"a\\u0000b\"}"));
        QVERIFY(holdsNul("{\"r\":\"a\\\\\\u0000b\"}")); // a backslash, then NUL
        QVERIFY(!holdsNul("{\"r\":\"a\\\\u0000b\"}"));  // a backslash and a word
        QVERIFY(!holdsNul("{\"r\":\"u0000\"}"));
    }

    void aStoreThatIsAwayHasOneWord() {
        const auto word = [](const char* code) {
            const Failure failure{
                FailureKind::Storage, QStringLiteral("why"), 0, {}, QString::fromLatin1(code), {}};
            const auto response = answer::failed(failure);
            return QJsonDocument::fromJson(response.body->joined())
                .object()
                .value(QLatin1String("error"))
                .toString();
        };
        QCOMPARE(word(""), QStringLiteral("store_unavailable"));
        QCOMPARE(word("database_away"), QStringLiteral("store_unavailable"));
        QCOMPARE(word("outcome_unknown"), QStringLiteral("outcome_unknown"));
        QCOMPARE(word("store_busy"), QStringLiteral("store_busy"));
    }

    void readsAReason() {
        QCOMPARE(*decodeReason("{\"reason\":\"é\"}"), QString::fromUtf8("é"));
        QCOMPARE(*decodeReason("{}"), QString());
        QCOMPARE(*decodeReason("{\"reason\":null}"), QString());
        QVERIFY(!decodeReason("{\"reason\":5}"));
        QVERIFY(!decodeReason("reason"));
    }
};

QTEST_GUILESS_MAIN(TestRequestCodec)
#include "tst_requestcodec.moc"
