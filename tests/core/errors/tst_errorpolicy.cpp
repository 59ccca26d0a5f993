#include "core/errors/classify.h"
#include "core/errors/errorpolicy.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

QString mistakesOf(const char* toml) {
    const auto policy = readErrorPolicy(toml, QStringLiteral("rules.toml"));
    return policy ? QString() : policy.error().message;
}

Settings settingsWith(const QString& file) {
    SettingsInput input;
    if (!file.isEmpty())
        input.environment.insert(QStringLiteral("VIGIE_RESILIENCE_ERRORS_RULES_FILE"), file);
    auto settings = Settings::read(errorSettings(), input);
    if (!settings)
        qFatal("%s", qPrintable(settings.error().message));
    return *settings;
}

Failure failureOf(FailureKind kind, int status = 0, const QString& code = {}) {
    return {kind, QStringLiteral("x"), status, {}, code, {}};
}

QByteArray wordOf(const Failure& failure) {
    return toString(classify(failure, ErrorClassifier()));
}

} // namespace

class TestErrorPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsRulesInTheirOrder() {
        const auto policy = readErrorPolicy("[rules.z]\n"
                                            "status = \"503\"\n"
                                            "class = \"overloaded\"\n"
                                            "[rules.a]\n"
                                            "service = \"ollama\"\n"
                                            "status = \"500-599\"\n"
                                            "code = \"busy*\"\n"
                                            "text = \"the gateway*\"\n"
                                            "class = \"bad_gateway\"\n"
                                            "[classes.rate_limited]\n"
                                            "counts_for_breaker = false\n"
                                            "[classes.timeout]\n"
                                            "retriable = false\n"
                                            "weight = 0.25\n",
                                            QStringLiteral("rules.toml"));
        QVERIFY2(policy, policy ? "" : qPrintable(policy.error().message));
        QCOMPARE(policy->rules.size(), std::size_t(2));
        QCOMPARE(policy->rules[0].name, std::string("z"));
        QCOMPARE(policy->rules[0].statusTo, 503);
        QCOMPARE(policy->rules[1].statusFrom, 500);
        QCOMPARE(policy->rules[1].code, std::string("busy*"));
        QCOMPARE(policy->rules[1].text, std::string("the gateway*"));
        QVERIFY(policy->rules[1].result == ErrorClass::BadGateway);
        const ErrorClassifier classifier(*policy);
        QVERIFY(!classifier.traits(ErrorClass::RateLimited).countsForBreaker);
        QCOMPARE(classifier.traits(ErrorClass::Timeout).weight, 0.25);
        QVERIFY(!classifier.traits(ErrorClass::Timeout).retriable);
        QVERIFY(readErrorPolicy("", QStringLiteral("x")));
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* toml, const char* says) {
            QTest::newRow(name) << QByteArray(toml) << QString::fromLatin1(says);
        };
        row("no toml", "[rules.", "rules.toml:1: this is not TOML");
        row("unknown table", "[rule.a]\nclass = \"timeout\"", "rules.toml:2: unknown key rule.a");
        row("unknown key", "[rules.a]\nclas = \"timeout\"", "rules.toml:2: unknown key");
        row("unknown class", "[rules.a]\nstatus = \"500\"\nclass = \"timeut\"",
            "rules.toml:3: rules.a.class is \"timeut\", but must be a class of errors; did you "
            "mean \"timeout\"?");
        row("no class", "[rules.a]\nstatus = \"500\"", "rules.toml:2: rules.a needs a class");
        row("status", "[rules.a]\nstatus = \"5xx\"\nclass = \"timeout\"",
            "rules.toml:2: rules.a.status is \"5xx\", but must be an HTTP status");
        row("status as a number", "[rules.a]\nstatus = 700\nclass = \"timeout\"",
            "rules.a.status is 700");
        row("anywhere", "[rules.a]\ntext = \"*429*\"\nclass = \"rate_limited\"",
            "rules.toml:2: rule \"a\": text \"*429*\" must begin or end");
        row("empty text", "[rules.a]\ntext = \"\"\nclass = \"timeout\"",
            "a text that is not empty");
        row("criteria", "[rules.a]\nclass = \"timeout\"", "needs at least one of");
        row("a class nobody knows", "[classes.slow]\nretriable = true", "classes.slow: must be");
        row("not boolean", "[classes.timeout]\nretriable = \"yes\"", "must be true or false");
        row("weight", "[classes.timeout]\nweight = 2", "must be a number in 0..1");
        row("weight as text", "[classes.timeout]\nweight = \"1\"", "must be a number in 0..1");
        row("unknown in a class", "[classes.timeout]\nretry = true", "a class holds retriable");
    }
    void mistakesAreNamed() {
        QFETCH(QByteArray, toml);
        QFETCH(QString, says);
        const QString message = mistakesOf(toml.constData());
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void allMistakesAtOnce() {
        QCOMPARE(mistakesOf("[rules.a]\nclass = \"x\"\n[classes.y]\nweight = 1").count(u'\n'), 1);
    }

    void theSettingIsRead() {
        const auto builtIn = errorClassifierFrom(settingsWith({}));
        QVERIFY(builtIn && *builtIn);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("rules.toml"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[rules.teapot]\nstatus = \"418\"\nclass = \"overloaded\"\n");
        file.close();
        const auto own = errorClassifierFrom(settingsWith(path));
        QVERIFY(own);
        ErrorSignal signal;
        signal.httpStatus = 418;
        QVERIFY((*own)->classify(signal) == ErrorClass::Overloaded);
        const auto none = errorClassifierFrom(settingsWith(path + QStringLiteral(".gone")));
        QVERIFY(!none);
        QVERIFY(none.error().kind == FailureKind::Invalid);
        QVERIFY(none.error().message.contains(QStringLiteral("resilience.errors.rules_file")));
    }

    void failuresAreClassified() {
        QCOMPARE(wordOf(failureOf(FailureKind::Timeout)), "timeout");
        QCOMPARE(wordOf(failureOf(FailureKind::Network)), "unreachable");
        QCOMPARE(wordOf(failureOf(FailureKind::Network, 0, QStringLiteral("dns_failure"))),
                 "dns_failure");
        QCOMPARE(wordOf(failureOf(FailureKind::Malformed, 0, QStringLiteral("truncated"))),
                 "truncated");
        QCOMPARE(wordOf(failureOf(FailureKind::Malformed)), "malformed_answer");
        QCOMPARE(wordOf(failureOf(FailureKind::Tls)), "tls_failure");
        QCOMPARE(wordOf(failureOf(FailureKind::OutcomeUnknown)), "outcome_unknown");
        QCOMPARE(wordOf(failureOf(FailureKind::BreakerOpen)), "breaker_open");
        QCOMPARE(wordOf(failureOf(FailureKind::Overloaded)), "bulkhead_full");
        QCOMPARE(wordOf(failureOf(FailureKind::Cancelled)), "cancelled");
        QCOMPARE(wordOf(failureOf(FailureKind::TooLarge)), "answer_too_large");
        QCOMPARE(wordOf(failureOf(FailureKind::Storage)), "storage_error");
        QCOMPARE(wordOf(failureOf(FailureKind::Storage, 0, QStringLiteral("storage_full"))),
                 "storage_full");
        QCOMPARE(wordOf(failureOf(FailureKind::Internal)), "internal");
        QCOMPARE(wordOf(failureOf(FailureKind::ServerError, 502)), "bad_gateway");
        QCOMPARE(wordOf(failureOf(FailureKind::ServerError, 529)), "overloaded");
        QCOMPARE(wordOf(failureOf(FailureKind::ServerError)), "server_error");
        QCOMPARE(wordOf(failureOf(FailureKind::Invalid, 413)), "payload_too_large");
        QCOMPARE(wordOf(failureOf(FailureKind::NotFound, 404, QStringLiteral("model_not_found"))),
                 "model_not_found");
    }

    // The body of an answer is the other side's word: it can't make our breaker look open.
    void aServerSpeaksOnlyForItself() {
        for (const char* word : {"breaker_open", "cancelled", "bulkhead_full", "internal",
                                 "connection_refused", "outcome_unknown"})
            QCOMPARE(wordOf(failureOf(FailureKind::ServerError, 500, QString::fromLatin1(word))),
                     "server_error");
        QCOMPARE(
            wordOf(failureOf(FailureKind::ServerError, 500, QStringLiteral("gpu_out_of_memory"))),
            "gpu_out_of_memory");
    }

    // Where only kinds are known, a class and its kind must tell the same story.
    void kindsAndClassesAgree() {
        for (std::size_t i = 0; i < errorClassCount; ++i) {
            const auto errorClass = static_cast<ErrorClass>(i);
            Failure failure =
                failureOf(failureKindOf(errorClass), 0, QString::fromLatin1(toString(errorClass)));
            if (errorClass != ErrorClass::Unknown)
                QVERIFY(classify(failure, ErrorClassifier()) == errorClass);
        }
    }
};

QTEST_APPLESS_MAIN(TestErrorPolicy)
#include "tst_errorpolicy.moc"
