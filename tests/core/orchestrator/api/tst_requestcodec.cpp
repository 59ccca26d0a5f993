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

    void findsControlCharacters_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says"); // empty: it may pass
        QTest::addColumn<bool>("toModels");
        const auto row = [](const char* name, const QByteArray& text, const char* says,
                            bool toModels = false) {
            QTest::newRow(name) << "{\"r\":\"" + text + "\"}" << QString::fromLatin1(says)
                                << toModels;
        };
        row("NUL", QByteArray("a\0b", 3), "U+0000 at line 1, column 8");
        row("escaped NUL", "a\\u0000b", "U+0000");
        row("NUL behind a backslash", "a\\\\\\u0000b", "U+0000");
        row("a backslash and a word", "a\\\\u0000b", "");
        row("a word", "u0000", "");
        row("escape", "\x1b[31m", "U+001B");
        row("escaped escape", "\\u001b[31m", "U+001B");
        row("delete", "\x7f", "U+007F");
        row("C1", "\xc2\x9b", "U+009B");
        row("escaped C1", "\\u009B", "U+009B");
        row("form feed", "\\f", "U+000C");
        row("form feed to models", "\\f", "", true);
        row("NUL to models", "\\u0000", "U+0000", true);
        row("lines and tabs", "a\\nb\\tc\\r\n\t", "");
        row("other letters", "\xc2\xa0\xc3\xa9\xe2\x82\xac\\u00e9\\u20ac", "");
        row("second line", "a\nb\\b", "U+0008 at line 2, column 2");
        row("cut off", "a\\u00", "");
        row("cut off more", "a\\", "");
    }
    void findsControlCharacters() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        QFETCH(bool, toModels);
        const auto found = whyNotPrintable(body, toModels ? Texts::Any : Texts::Printable);
        QCOMPARE(found.has_value(), !says.isEmpty());
        if (found)
            QVERIFY2(found->message.contains(says), qPrintable(found->message));
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
        QVERIFY(!whyMoreThanReason(" "));
        QVERIFY(!whyMoreThanReason("{\"reason\":\"r\"}"));
        QVERIFY(whyMoreThanReason("[]"));
        QVERIFY(whyMoreThanReason("{\"reasn\":\"r\"}")
                    ->message.contains(QLatin1String("\"reasn\" is not known; there are: reason")));
    }
};

QTEST_GUILESS_MAIN(TestRequestCodec)
#include "tst_requestcodec.moc"
