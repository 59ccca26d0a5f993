#include "core/services/storage/storageclient.h"
#include "tests/core/services/servicebench.h"

#include <QTest>

using namespace vigie;

namespace {

using Put = StorageClient::PutCondition;

StorageOptions optionsFor(const FakeService& service) {
    StorageOptions options;
    options.url = service.url();
    options.bucket = QString::fromLatin1(FakeS3::bucket);
    options.credentials = {FakeS3::accessKeyId, FakeS3::secret, {}};
    return options;
}

const QString key = QStringLiteral("run-1/checkpoint");

} // namespace

class TestStorage : public QObject {
    Q_OBJECT

private:
    HurriedClock m_clock;
    HttpClient m_http{m_clock};

private Q_SLOTS:
    // The server checks each signature from the bytes that arrived.
    void storesAndReads_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"plain", "a/b/c", "with space", "plus+and%percent", "quote'and\"", "\u00e9t\u00e9",
              "a?b#c&d=e", "semi;colon,comma", "(star*)!$@:~", "trailing/", "a//b", "[x]{y}|^`\\"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }
    void storesAndReads() {
        QFETCH(QString, name);
        FakeS3 s3;
        StorageClient client(m_clock, m_http, optionsFor(s3));
        const QByteArray bytes("\x00\x01 binary \xff", 11);
        const auto stored = await(client.put(name, bytes, Put::Always, {}));
        QVERIFY2(stored && *stored, saidBy(stored).constData());
        QCOMPARE((*stored)->size(), 32);
        QCOMPARE(s3.objects.keys(), QByteArrayList{name.toUtf8()});
        const auto read = await(client.get(name, {}));
        QVERIFY(read && *read);
        QCOMPARE(**read, bytes);
        const auto head = await(client.head(name, {}));
        QVERIFY(head && *head);
        QCOMPARE((*head)->size, qint64(bytes.size()));
        QCOMPARE((*head)->etag, **stored);
        QVERIFY((*head)->modified);
        const auto listed = await(client.list(name, {}, 10, {}));
        QVERIFY2(listed && *listed, saidBy(listed).constData());
        QCOMPARE((*listed)->objects.size(), std::size_t(1));
        QCOMPARE((*listed)->objects[0].key, name);
        QVERIFY(*await(client.remove(name, {})));
        QVERIFY(s3.objects.isEmpty());
        QVERIFY(*await(client.remove(name, {}))); // gone is gone
    }

    void keysThatCannotBe() {
        FakeS3 s3;
        StorageClient client(m_clock, m_http, optionsFor(s3));
        for (const QString& bad : {QString(), QStringLiteral("a/../b"), QStringLiteral("."),
                                   QStringLiteral("a\nb"), QString(1025, u'x')})
            QCOMPARE(wordOf(await(client.put(bad, "x", Put::Always, {}))->error()),
                     QByteArray("invalid_request"));
        QCOMPARE(s3.received(), 0);
    }

    void listsPageByPage() {
        FakeS3 s3;
        for (int i = 0; i < 7; ++i)
            s3.objects[QByteArray("p/<") + QByteArray::number(i)] = "x";
        s3.objects["q/1"] = "y";
        StorageClient client(m_clock, m_http, optionsFor(s3));
        QStringList keys;
        QString token;
        int pages = 0;
        do {
            const auto page = await(client.list(QStringLiteral("p/"), token, 3, {}));
            QVERIFY(page && *page);
            for (const StorageObject& object : (*page)->objects)
                keys.append(object.key);
            token = (*page)->continuation;
        } while (!token.isEmpty() && ++pages < 10);
        QCOMPARE(keys.size(), 7);
        QCOMPARE(keys.first(), QStringLiteral("p/<0"));
        QCOMPARE(pages, 2);
    }

    void onlyIfAbsent() {
        FakeS3 s3;
        StorageClient client(m_clock, m_http, optionsFor(s3));
        QVERIFY(*await(client.put(key, "first", Put::IfAbsent, {})));
        const auto second = await(client.put(key, "second", Put::IfAbsent, {}));
        QVERIFY(second && !*second);
        QCOMPARE(wordOf(second->error()), QByteArray("precondition_failed"));
        QCOMPARE(s3.objects[key.toUtf8()], QByteArray("first"));
        // The first try may have stored it; a second one would then report a stranger's object.
        s3.objects.clear();
        s3.misbehave({faults::reset()});
        const auto cut = await(client.put(key, "third", Put::IfAbsent, {}));
        QVERIFY(cut && !*cut);
        QCOMPARE(wordOf(cut->error()), QByteArray("outcome_unknown"));
        QCOMPARE(s3.received("PUT"), 3);
    }

    void misbehaves_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("calls");
        const auto row = [](const char* name, int which, const char* word, int calls) {
            QTest::newRow(name) << which << QByteArray(word) << calls;
        };
        row("500", 0, "server_error", 3);
        row("slow down", 1, "rate_limited", 3);
        row("reset", 2, "connection_reset", 3);
        row("skewed clock", 3, "clock_skew", 1);
        row("storage full", 4, "storage_full", 1);
        row("access denied", 5, "forbidden", 1);
        row("HTML of a proxy", 6, "bad_gateway", 3);
    }
    void misbehaves() {
        QFETCH(int, which);
        QFETCH(QByteArray, word);
        QFETCH(int, calls);
        const auto s3Says = [](int status, const char* code) {
            return faults::answer(status, QByteArray("<Error><Code>") + code + "</Code></Error>");
        };
        const Fault each[] = {s3Says(500, "InternalError"),
                              s3Says(503, "SlowDown"),
                              faults::reset(),
                              s3Says(403, "RequestTimeTooSkewed"),
                              s3Says(507, "XMinioStorageFull"),
                              s3Says(403, "AccessDenied"),
                              faults::answer(502, "<html><body>no</body></html>")};
        FakeS3 s3;
        StorageClient client(m_clock, m_http, optionsFor(s3));
        s3.misbehave(std::vector<Fault>(calls, each[which]));
        QCOMPARE(wordOf(await(client.put(key, "x", Put::Always, {}))->error()), word);
        QCOMPARE(s3.received("PUT"), calls);
        QVERIFY(s3.objects.isEmpty());
    }

    void wrongSecret() {
        FakeS3 s3;
        StorageOptions options = optionsFor(s3);
        options.credentials.secretAccessKey = "not-the-secret";
        StorageClient client(m_clock, m_http, options);
        const auto outcome = await(client.put(key, "x", Put::Always, {}));
        QVERIFY(outcome && !*outcome);
        QCOMPARE(wordOf(outcome->error()), QByteArray("invalid_key"));
        QVERIFY(!outcome->error().message.contains(QStringLiteral("not-the-secret")));
        options.credentials = {};
        StorageClient unsigned_(m_clock, m_http, options);
        QCOMPARE(wordOf(await(unsigned_.get(key, {}))->error()), QByteArray("forbidden"));
    }

    void missingThings() {
        FakeS3 s3;
        StorageOptions options = optionsFor(s3);
        StorageClient client(m_clock, m_http, options);
        QCOMPARE(wordOf(await(client.get(key, {}))->error()), QByteArray("not_found"));
        QCOMPARE(wordOf(await(client.head(key, {}))->error()), QByteArray("not_found"));
        options.bucket = QStringLiteral("elsewhere");
        StorageClient other(m_clock, m_http, options);
        QCOMPARE(wordOf(await(other.list({}, {}, 1, {}))->error()), QByteArray("not_found"));
    }

    void answersHaveLimits() {
        FakeS3 s3;
        StorageOptions options = optionsFor(s3);
        options.maxObjectBytes = 10;
        StorageClient client(m_clock, m_http, options);
        QCOMPARE(wordOf(await(client.put(key, QByteArray(11, 'x'), Put::Always, {}))->error()),
                 QByteArray("payload_too_large"));
        s3.objects[key.toUtf8()] = QByteArray(11, 'x');
        QCOMPARE(wordOf(await(client.get(key, {}))->error()), QByteArray("answer_too_large"));
    }

    void listingsThatAreNone_data() {
        QTest::addColumn<QByteArray>("xml");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("json") << QByteArray("{}");
        QTest::newRow("another document") << QByteArray("<ListAllMyBucketsResult/>");
        QTest::newRow("truncated") << QByteArray("<ListBucketResult><Contents><Key>a");
        QTest::newRow("document type")
            << QByteArray("<!DOCTYPE x [<!ENTITY a \"b\">]><ListBucketResult/>");
        QTest::newRow("no next page")
            << QByteArray("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>");
    }
    void listingsThatAreNone() {
        QFETCH(QByteArray, xml);
        const auto listing = decodeListing(xml);
        QVERIFY(!listing);
        QVERIFY(listing.error().kind == FailureKind::Malformed);
    }
};

QTEST_GUILESS_MAIN(TestStorage)
#include "tst_storage.moc"
