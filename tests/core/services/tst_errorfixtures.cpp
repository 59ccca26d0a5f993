// Real shapes of error answers (tests/data/errors) become the class that their file is named for.

#include "core/services/ollama/ollamacodec.h"
#include "core/services/openaierrorcodec.h"
#include "core/services/servicecalls.h"
#include "core/services/storage/storagecodec.h"
#include "core/services/supabase/supabasecodec.h"
#include "core/services/whisper/whispercodec.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace vigie;

namespace {

ErrorDecoder decoderOf(const QString& service) {
    if (service == QLatin1String("ollama"))
        return decodeOllamaError;
    if (service == QLatin1String("supabase"))
        return decodeSupabaseError;
    if (service == QLatin1String("storage"))
        return decodeStorageError;
    if (service == QLatin1String("whisper"))
        return decodeWhisperError;
    return decodeOpenAiError;
}

QByteArray readAll(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("can't read %s", qPrintable(path));
    return file.readAll();
}

} // namespace

class TestErrorFixtures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void classified_data() {
        QTest::addColumn<QString>("service");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QByteArray>("body");
        const QDir root(QStringLiteral(VIGIE_SOURCE_DIR "/tests/data/errors"));
        QDirIterator it(root.path(), QDir::Files, QDirIterator::Subdirectories);
        int count = 0;
        while (it.hasNext()) {
            const QString path = it.next();
            const QString name = root.relativeFilePath(path);
            const QStringList words = it.fileInfo().baseName().split(u'-');
            if (words.size() < 2)
                continue; // README
            ++count;
            QTest::newRow(qPrintable(name))
                << name.section(u'/', 0, 0) << words.at(0).toInt() << words.at(1) << readAll(path);
        }
        QVERIFY(count > 70);
    }
    void classified() {
        QFETCH(QString, service);
        QFETCH(int, status);
        QFETCH(QString, expected);
        QFETCH(QByteArray, body);
        QVERIFY(errorClassFromString(expected.toStdString()));
        ServiceCalls calls;
        calls.service = service;
        calls.decodeError = decoderOf(service);
        HttpReply reply;
        reply.status = status;
        reply.body = body;
        const Failure failure = calls.failureOf(reply, QStringLiteral("POST http://x/y"));
        QCOMPARE(failure.code, expected);
        QCOMPARE(failure.httpStatus, status);
        // What was found once is found again, wherever the failure goes.
        QCOMPARE(QString::fromLatin1(toString(classify(failure, ErrorClassifier()))), expected);
        QVERIFY(!failure.message.contains(u'\n'));
        QVERIFY(failure.message.startsWith(
            QStringLiteral("POST http://x/y: answered %1, ").arg(status)));
    }

    // A gateway's rule must be able to win against everything that is built in.
    void rulesComeFirst() {
        ErrorPolicy policy;
        policy.rules.push_back(
            {"g", "ollama", 503, 503, "", "server busy*", ErrorClass::RateLimited});
        ServiceCalls calls;
        calls.service = QStringLiteral("ollama");
        calls.decodeError = decodeOllamaError;
        calls.classifier = std::make_shared<ErrorClassifier>(policy);
        HttpReply reply;
        reply.status = 503;
        reply.body = "{\"error\":\"server busy, please try again.\"}";
        reply.headers = {{"Retry-After", "4"}, {"X-Request-Id", "r-1"}};
        const Failure failure = calls.failureOf(reply, QStringLiteral("x"));
        QCOMPARE(failure.code, QStringLiteral("rate_limited"));
        QVERIFY(failure.kind == FailureKind::RateLimited);
        QVERIFY(failure.retryAfter == std::chrono::seconds(4));
        QCOMPARE(failure.correlationId, QStringLiteral("r-1"));
        reply.status = 500;
        QCOMPARE(calls.failureOf(reply, {}).code, QStringLiteral("overloaded"));
    }

    void hostileBodies_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("binary") << QByteArray("\x00\xff\xfe{", 4);
        QTest::newRow("deep") << QByteArray(5000, '[');
        QTest::newRow("long text") << QByteArray(1'000'000, 'x');
        QTest::newRow("wrong types")
            << QByteArray("{\"error\":{\"message\":7,\"code\":[]},\"code\":{}}");
        QTest::newRow("billion laughs")
            << QByteArray("<?xml version=\"1.0\"?><!DOCTYPE Error [<!ENTITY a \"aaaa\">]>"
                          "<Error><Code>&a;</Code></Error>");
        QTest::newRow("lines") << QByteArray("{\"error\":\"one\ntwo\u0000\u001b[31m\"}");
        QTest::newRow("claims to be us") << QByteArray("{\"error\":{\"code\":\"breaker_open\"}}");
    }
    void hostileBodies() {
        QFETCH(QByteArray, body);
        for (const char* service : {"openai", "ollama", "supabase", "storage", "whisper"}) {
            ServiceCalls calls;
            calls.service = QString::fromLatin1(service);
            calls.decodeError = decoderOf(calls.service);
            HttpReply reply;
            reply.status = 500;
            reply.body = body;
            const Failure failure = calls.failureOf(reply, QStringLiteral("x"));
            QCOMPARE(failure.code, QStringLiteral("server_error"));
            QVERIFY(failure.message.size() < 1000);
            QVERIFY(!failure.message.contains(u'\n') && !failure.message.contains(QChar(0x1b)));
        }
    }
};

QTEST_APPLESS_MAIN(TestErrorFixtures)
#include "tst_errorfixtures.moc"
