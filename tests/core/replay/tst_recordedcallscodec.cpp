#include "core/replay/recordedcallscodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString file = QStringLiteral("calls");

} // namespace

class TestRecordedCallsCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsCsv() {
        const auto calls = decodeRecordedCalls("# from the gateway\n"
                                               "outcome,at,host,duration_ms,cause,error_class\r\n"
                                               "success,1000,a,12.5,,\r\n"
                                               "\n"
                                               "failure,2026-11-22T04:23:54.120Z,b,0,"
                                               "\"said \"\"no\"\", twice\",timeout\n"
                                               "failure,-3,b,7,,",
                                               file);
        QVERIFY2(calls, calls ? "" : qPrintable(calls.error().message));
        QCOMPARE(calls->size(), std::size_t{3});
        QVERIFY(calls->at(0).at == 1s && calls->at(0).duration == 12500us);
        QVERIFY(!calls->at(0).failed);
        QVERIFY(calls->at(1).at == 1795321434120ms);
        QVERIFY(calls->at(1).errorClass == ErrorClass::Timeout);
        QCOMPARE(calls->at(1).cause, std::string("said \"no\", twice"));
        QVERIFY(calls->at(2).at == -3ms && calls->at(2).errorClass == ErrorClass::Unknown);
    }

    void readsJsonLines() {
        const auto calls = decodeRecordedCalls(
            "{\"at\": 5, \"duration_ms\": 2, \"outcome\": \"success\", \"x\": [1]}\n"
            "{\"at\": \"2026-11-22T04:23:54Z\", \"duration_ms\": 1e3, \"outcome\": \"failure\", "
            "\"error_class\": \"server_error\", \"cause\": \"500\"}\n",
            file);
        QVERIFY2(calls, calls ? "" : qPrintable(calls.error().message));
        QCOMPARE(calls->size(), std::size_t{2});
        QVERIFY(calls->at(0).at == 5ms);
        QVERIFY(calls->at(1).duration == 1s);
        QVERIFY(calls->at(1).errorClass == ErrorClass::ServerError);
        QCOMPARE(calls->at(1).cause, std::string("500"));
    }

    void saysWhereAndWhatWasExpected_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const QByteArray head = "at,duration_ms,outcome,error_class\n";
        QTest::newRow("empty") << QByteArray("\n \n")
                               << "calls: expected recorded calls, found nothing";
        QTest::newRow("no names") << QByteArray("1,2,success\n")
                                  << "calls, line 1: expected a line of names with at once, found "
                                     "\"1,2,success\"";
        QTest::newRow("a name twice")
            << QByteArray("at,at,duration_ms,outcome\n")
            << "calls, line 1: expected a line of names with at once, found "
               "\"at,at,duration_ms,outcome\"";
        QTest::newRow("too few") << head + "1,2,success\n"
                                 << "calls, line 2: expected 4 values, found 3";
        QTest::newRow("quote") << head + "1,2,\"success,\n"
                               << "calls, line 2: expected a closing double quote";
        QTest::newRow("time") << head + "1,2,success,\nnoon,2,success,\n"
                              << "calls, line 3: expected a time (RFC 3339 or milliseconds) as at, "
                                 "found \"noon\"";
        QTest::newRow("huge time") << head + "1e300,2,success,\n"
                                   << "calls, line 2: expected a time (RFC 3339 or milliseconds) "
                                      "as at, found \"1e300\"";
        QTest::newRow("too long ago") << head + "1013-11-22T04:23:54.120Z,2,success,\n"
                                      << "calls, line 2: expected a time (RFC 3339 or "
                                         "milliseconds) as at, found "
                                         "\"1013-11-22T04:23:54.120Z\"";
        QTest::newRow("duration") << head + "1,-2,success,\n"
                                  << "calls, line 2: expected a number, 0 or more, as duration_ms, "
                                     "found \"-2\"";
        QTest::newRow("not a number") << head + "1,nan,success,\n"
                                      << "calls, line 2: expected a number, 0 or more, as "
                                         "duration_ms, found \"nan\"";
        QTest::newRow("outcome") << head + "1,2,maybe,\n"
                                 << "calls, line 2: expected success or failure as outcome, found "
                                    "\"maybe\"";
        QTest::newRow("class") << head + "1,2,failure,bad_luck\n"
                               << "calls, line 2: expected a class of errors as error_class, found "
                                  "\"bad_luck\"";
        QTest::newRow("json") << QByteArray("{\"at\":1,\"duration_ms\":1,\"outcome\":\"success\"}\n"
                                            "{\"at\":\n")
                              << "calls, line 2: expected one JSON object";
        QTest::newRow("json without") << QByteArray("{\"duration_ms\":1,\"outcome\":\"success\"}")
                                      << "calls, line 1: expected a time (RFC 3339 or "
                                         "milliseconds) as at, found nothing";
    }
    void saysWhereAndWhatWasExpected() {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        const auto calls = decodeRecordedCalls(text, file);
        QVERIFY(!calls);
        QVERIFY(calls.error().kind == FailureKind::Malformed);
        QCOMPARE(calls.error().message, message);
    }

    void replaysWhatItRead() {
        QByteArray text = "at,duration_ms,outcome,error_class,cause\n";
        for (int i = 0; i < 20; ++i)
            text += QByteArray::number(i * 1000) +
                    (i < 8 ? ",10,failure,server_error,\"500, again\"\n" : ",10,success,,\n");
        const auto calls = decodeRecordedCalls(text, file);
        QVERIFY(calls);
        CircuitOptions options;
        options.consecutiveFailures = 3;
        options.waitDurationInOpenState = 10s;
        const QJsonObject shown =
            QJsonDocument::fromJson(encodeReplay(replay(*calls, options))).object();
        QCOMPARE(shown.value(QLatin1String("calls")).toInt(), 20);
        QCOMPARE(shown.value(QLatin1String("refused_failures")).toInt(), 5);
        QCOMPARE(shown.value(QLatin1String("refused_successes")).toInt(), 5);
        QCOMPARE(shown.value(QLatin1String("ends_as")).toString(), QStringLiteral("closed"));
        const QJsonArray transitions = shown.value(QLatin1String("transitions")).toArray();
        QCOMPARE(transitions.size(), 3);
        QCOMPARE(transitions.at(0).toObject().value(QLatin1String("at_ms")).toDouble(), 2010.0);
        QCOMPARE(transitions.at(0).toObject().value(QLatin1String("cause")).toString(),
                 QStringLiteral("3 consecutive failures; the last: 500, again"));
    }
};

QTEST_GUILESS_MAIN(TestRecordedCallsCodec)
#include "tst_recordedcallscodec.moc"
