#include "core/resilience/errorclassifier.h"

#include <QSet>
#include <QTest>

#include <cerrno>

using namespace vigie;

namespace {

ErrorClass classOf(const ErrorSignal& signal) {
    return ErrorClassifier().classify(signal);
}

ErrorSignal textSignal(std::string_view text, int status = 0) {
    ErrorSignal signal;
    signal.text = text;
    signal.httpStatus = status;
    return signal;
}

} // namespace

class TestErrorClassifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyClassHasAWordOfItsOwn() {
        QSet<QByteArray> words;
        for (std::size_t i = 0; i < errorClassCount; ++i) {
            const auto errorClass = static_cast<ErrorClass>(i);
            const QByteArray word = toString(errorClass);
            QVERIFY2(!words.contains(word), word.constData());
            words.insert(word);
            QVERIFY(errorClassFromString(word.toStdString()) == errorClass);
            QVERIFY(word == word.toLower() && !word.contains(' '));
            QVERIFY(*describe(errorClass) != '\0');
            const ErrorTraits traits = defaultTraits(errorClass);
            QCOMPARE(traits.weight > 0, traits.countsForBreaker);
        }
        QVERIFY(!errorClassFromString("no_such_class"));
        QVERIFY(!errorClassFromString(""));
    }

    // A refusal of our own is no failure of the peer, and a time-out is one worth trying again.
    void whatTheEngineNeedsToKnow() {
        for (const auto own :
             {ErrorClass::BreakerOpen, ErrorClass::BulkheadFull, ErrorClass::RateLimiterEmpty}) {
            QVERIFY(defaultTraits(own).retriable);
            QVERIFY(!defaultTraits(own).countsForBreaker);
            QVERIFY(defaultTraits(own).notCarriedOut);
        }
        QVERIFY(!defaultTraits(ErrorClass::Cancelled).retriable);
        QVERIFY(!defaultTraits(ErrorClass::Cancelled).countsForBreaker);
        QVERIFY(defaultTraits(ErrorClass::Timeout).retriable);
        QVERIFY(defaultTraits(ErrorClass::Timeout).countsForBreaker);
        // It may have happened: a request that must not happen twice is not sent again.
        QVERIFY(!defaultTraits(ErrorClass::Timeout).notCarriedOut);
        QVERIFY(!defaultTraits(ErrorClass::OutcomeUnknown).notCarriedOut);
        QVERIFY(!defaultTraits(ErrorClass::ConnectionReset).notCarriedOut);
        QVERIFY(!defaultTraits(ErrorClass::ServerError).notCarriedOut);
        QVERIFY(defaultTraits(ErrorClass::DbSerialization).notCarriedOut);
        QVERIFY(!defaultTraits(ErrorClass::ContextTooLong).retriable);
    }

    void kindThenCodeThenTextThenStatus() {
        ErrorSignal signal;
        signal.httpStatus = 503;
        QVERIFY(classOf(signal) == ErrorClass::Unavailable);
        signal.text = "Loading model";
        QVERIFY(classOf(signal) == ErrorClass::ModelLoading);
        signal.type = "overloaded_error";
        QVERIFY(classOf(signal) == ErrorClass::Overloaded);
        signal.code = "insufficient_quota";
        QVERIFY(classOf(signal) == ErrorClass::QuotaExceeded);
        signal.sqlState = "40001";
        QVERIFY(classOf(signal) == ErrorClass::DbSerialization);
        signal.seen = ErrorClass::Timeout;
        QVERIFY(classOf(signal) == ErrorClass::Timeout);
        QVERIFY(classOf({}) == ErrorClass::Unknown);
    }

    // Seeds 000 and 004 looked for "429" and "5" anywhere in a text.
    void aNumberInATextMeansNothing() {
        for (const char* text :
             {"429", "error 429 happened", "took 500 ms", "room 503", "a CUDA out of memory tale",
              "he said: rate limit reached for x", "timeout", "ECONNREFUSED 127.0.0.1:5432"}) {
            QVERIFY2(classOf(textSignal(text)) == ErrorClass::Unknown, text);
            QVERIFY2(classOf(textSignal(text, 400)) == ErrorClass::InvalidRequest, text);
        }
    }

    void statuses_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("word");
        const auto row = [](int status, const char* word) {
            QTest::addRow("%d", status) << status << QString::fromLatin1(word);
        };
        row(100, "malformed_answer");
        row(204, "malformed_answer");
        row(302, "malformed_answer");
        row(400, "invalid_request");
        row(401, "unauthorized");
        row(402, "quota_exceeded");
        row(403, "forbidden");
        row(404, "not_found");
        row(405, "unsupported");
        row(408, "timeout");
        row(409, "conflict");
        row(410, "not_found");
        row(412, "precondition_failed");
        row(413, "payload_too_large");
        row(418, "invalid_request");
        row(422, "invalid_request");
        row(425, "unavailable");
        row(429, "rate_limited");
        row(499, "invalid_request");
        row(500, "server_error");
        row(501, "unsupported");
        row(502, "bad_gateway");
        row(503, "unavailable");
        row(504, "gateway_timeout");
        row(507, "storage_full");
        row(521, "bad_gateway");
        row(524, "gateway_timeout");
        row(529, "overloaded");
        row(599, "server_error");
    }
    void statuses() {
        QFETCH(int, status);
        QFETCH(QString, word);
        ErrorSignal signal;
        signal.httpStatus = status;
        QCOMPARE(QString::fromLatin1(toString(classOf(signal))), word);
    }

    void sqlStates() {
        QVERIFY(errorClassOfSqlState("40001") == ErrorClass::DbSerialization);
        QVERIFY(errorClassOfSqlState("40P01") == ErrorClass::DbDeadlock);
        QVERIFY(errorClassOfSqlState("40002") == ErrorClass::DbSerialization);
        QVERIFY(errorClassOfSqlState("08006") == ErrorClass::DbConnection);
        QVERIFY(errorClassOfSqlState("57P01") == ErrorClass::DbConnection);
        QVERIFY(errorClassOfSqlState("57014") == ErrorClass::DbTimeout);
        QVERIFY(errorClassOfSqlState("55P03") == ErrorClass::DbTimeout);
        QVERIFY(errorClassOfSqlState("53300") == ErrorClass::DbTooManyConnections);
        QVERIFY(errorClassOfSqlState("53100") == ErrorClass::DbResources);
        QVERIFY(errorClassOfSqlState("23514") == ErrorClass::DbConstraint);
        QVERIFY(errorClassOfSqlState("25006") == ErrorClass::DbReadOnly);
        QVERIFY(errorClassOfSqlState("42501") == ErrorClass::DbPermission);
        QVERIFY(errorClassOfSqlState("42P01") == ErrorClass::DbSchema);
        QVERIFY(errorClassOfSqlState("28P01") == ErrorClass::InvalidKey);
        for (const char* none : {"", "4000", "400011", "4000a", "ab cd", "01000", "PT402"})
            QVERIFY2(!errorClassOfSqlState(none), none);
    }

    void codes() {
        QVERIFY(errorClassOfCode("NoSuchKey") == ErrorClass::NotFound);
        QVERIFY(errorClassOfCode("PGRST205") == ErrorClass::DbSchema);
        QVERIFY(errorClassOfCode("PGRST116") == ErrorClass::NotFound);
        for (const char* none : {"", "nosuchkey", "NoSuchKeyAtAll", "PGRST2", "PGRST2055",
                                 "invalid_request_error", "NotFoundError"})
            QVERIFY2(!errorClassOfCode(none), none);
    }

    void systemErrors() {
        ErrorSignal signal;
        signal.systemError = ENOSPC;
        QVERIFY(classOf(signal) == ErrorClass::StorageFull);
        signal.systemError = ECONNREFUSED;
        QVERIFY(classOf(signal) == ErrorClass::ConnectionRefused);
        signal.systemError = EACCES;
        QVERIFY(classOf(signal) == ErrorClass::Forbidden);
        signal.systemError = -12345;
        QVERIFY(classOf(signal) == ErrorClass::Unknown);
    }

    void patterns() {
        QVERIFY(fitsErrorText("model '*' not found*", "Model 'a*b' NOT FOUND, pull it"));
        QVERIFY(fitsErrorText("a*b*c", "a--b--b--c"));
        QVERIFY(!fitsErrorText("a*b*c", "a--b--c--"));
        QVERIFY(fitsErrorText("*end", "the end"));
        QVERIFY(!fitsErrorText("*end", "the end."));
        QVERIFY(fitsErrorText("*", ""));
        QVERIFY(fitsErrorText("", ""));
        QVERIFY(!fitsErrorText("", "x"));
        QVERIFY(!fitsErrorText("abc", "ab"));
        // A hostile text must not cost more than a look at each character for each star.
        const std::string many(100'000, 'a');
        QVERIFY(!fitsErrorText("aaaa*a*a*a*a*a*a*a*b", many));
    }

    void rulesWinInTheirOrder() {
        ErrorPolicy policy;
        policy.rules.push_back({"first", "ollama", 500, 599, "", "", ErrorClass::Overloaded});
        policy.rules.push_back({"second", "", 503, 503, "", "", ErrorClass::ModelLoading});
        policy.rules.push_back({"third", "", 0, 0, "E4*", "", ErrorClass::Conflict});
        policy.rules.push_back({"fourth", "", 0, 0, "", "the gateway *", ErrorClass::BadGateway});
        QCOMPARE(policy.problem(), std::string());
        const ErrorClassifier classifier(policy);
        ErrorSignal signal;
        signal.httpStatus = 503;
        QVERIFY(classifier.classify(signal) == ErrorClass::ModelLoading);
        signal.service = "ollama";
        QVERIFY(classifier.classify(signal) == ErrorClass::Overloaded);
        signal.httpStatus = 400;
        QVERIFY(classifier.classify(signal) == ErrorClass::InvalidRequest);
        signal.code = "E42";
        QVERIFY(classifier.classify(signal) == ErrorClass::Conflict);
        signal.code = "e42";
        QVERIFY(classifier.classify(signal) == ErrorClass::InvalidRequest);
        signal.text = "The Gateway is sad";
        QVERIFY(classifier.classify(signal) == ErrorClass::BadGateway);
        signal.text = "so is the gateway ";
        QVERIFY(classifier.classify(signal) == ErrorClass::InvalidRequest);
        // A rule is stronger than what the transport saw, too: people know their network.
        ErrorSignal cut;
        cut.seen = ErrorClass::ConnectionReset;
        cut.code = "E1";
        QVERIFY(classifier.classify(cut) == ErrorClass::ConnectionReset);
        cut.code = "E41";
        QVERIFY(classifier.classify(cut) == ErrorClass::Conflict);
    }

    void rulesThatCannotWork_data() {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* code, const char* text, int from, int to,
                            const char* says) {
            QTest::newRow(name) << QString::fromLatin1(code) << QString::fromLatin1(text) << from
                                << to << QString::fromLatin1(says);
        };
        row("nothing", "", "", 0, 0, "at least one of");
        row("anywhere", "", "*429*", 0, 0, "begin or end");
        row("almost anywhere", "", "500*", 0, 0, "one of them a letter");
        row("short at both ends", "", "ab*cd", 0, 0, "at least 4 characters");
        row("only a star", "*", "", 0, 0, "'*'");
        row("star in the middle", "a*b", "", 0, 0, "'*'");
        row("status", "", "", 600, 700, "100..599");
        row("turned round", "", "", 500, 400, "100..599");
    }
    void rulesThatCannotWork() {
        QFETCH(QString, code);
        QFETCH(QString, text);
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QString, says);
        ErrorPolicy policy;
        policy.rules.push_back(
            {"mine", "", from, to, code.toStdString(), text.toStdString(), ErrorClass::Timeout});
        const QString problem = QString::fromStdString(policy.problem());
        QVERIFY2(problem.startsWith(QStringLiteral("rule \"mine\": ")), qPrintable(problem));
        QVERIFY2(problem.contains(says), qPrintable(problem));
    }

    void traitsCanBeChanged() {
        ErrorPolicy policy;
        policy.traits.push_back({ErrorClass::RateLimited, {}, false, {}});
        policy.traits.push_back({ErrorClass::Unauthorized, true, true, {}});
        policy.traits.push_back({ErrorClass::Timeout, {}, {}, 0.5});
        const ErrorClassifier classifier(policy);
        const ErrorTraits limited = classifier.traits(ErrorClass::RateLimited);
        QVERIFY(limited.retriable && !limited.countsForBreaker && limited.weight == 0);
        const ErrorTraits unauthorized = classifier.traits(ErrorClass::Unauthorized);
        QVERIFY(unauthorized.retriable && unauthorized.countsForBreaker);
        QCOMPARE(unauthorized.weight, 1.0);
        QCOMPARE(classifier.traits(ErrorClass::Timeout).weight, 0.5);
        QVERIFY(classifier.traits(ErrorClass::NotFound) == defaultTraits(ErrorClass::NotFound));
        policy.traits.push_back({ErrorClass::Timeout, {}, {}, 1.5});
        QVERIFY(policy.problem().find("0..1") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestErrorClassifier)
#include "tst_errorclassifier.moc"
