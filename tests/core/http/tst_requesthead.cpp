#include "core/http/requesthead.h"

#include <QTest>

using namespace vigie;

namespace {

RequestHead head(const QByteArray& target, const QByteArray& host = "localhost") {
    RequestHead h;
    h.method = "GET";
    h.target = target;
    h.headers = {{"Host", host}};
    return h;
}

} // namespace

class TestRequestHead final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splitsTargets_data() {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        const auto row = [](const char* target, const char* path, const char* query) {
            QTest::newRow(target) << QByteArray(target) << QByteArray(path) << QByteArray(query);
        };
        row("/", "/", "");
        row("/a/b", "/a/b", "");
        row("/a?b=c", "/a", "b=c");
        row("/a?", "/a", "");
        row("/a?b?c", "/a", "b?c");
        row("/a%3Fb?c%20d", "/a?b", "c%20d");
        row("/%E2%82%AC", "/\xE2\x82\xAC", "");
        row("//x", "//x", "");
        row("/../x", "/../x", "");
        row("http://localhost", "/", "");
        row("HTTP://LOCALHOST:8003/a?b", "/a", "b");
        row("http://[::1]/a", "/a", "");
        row("http://localhost?b", "/", "b");
    }

    void splitsTargets() {
        QFETCH(QByteArray, target);
        const auto accepted = checkHead(head(target), {});
        QVERIFY(accepted);
        QTEST(accepted->path, "path");
        QTEST(accepted->query, "query");
    }

    void refusesTargets_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char* target : {"",
                                   "a",
                                   "*",
                                   "?",
                                   "/%",
                                   "/%4",
                                   "/%4g",
                                   "/%00",
                                   "/%0d%0a",
                                   "/%7f",
                                   "/%c3",
                                   "/\xff",
                                   "/%ed%a0%80",
                                   "/%c0%af",
                                   "/#",
                                   "https://localhost/",
                                   "localhost:80",
                                   "http://",
                                   "http:///x",
                                   "http://a@localhost/",
                                   "http://localhost:x/"})
            QTest::newRow(target) << QByteArray(target);
    }

    void refusesTargets() {
        QFETCH(QByteArray, target);
        const auto accepted = checkHead(head(target), {});
        QVERIFY(!accepted);
        QCOMPARE(accepted.error().status, 400);
    }

    void knowsHosts_data() {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("accepted");
        const auto row = [](const char* host, bool accepted) {
            QTest::newRow(host) << QByteArray(host) << accepted;
        };
        row("localhost", true);
        row("localhost.", true);
        row("LocalHost:65535", true);
        row("127.0.0.1", true);
        row("127.9.9.9:1", true);
        row("[::1]", true);
        row("[::1]:80", true);
        row("10.0.0.7", true); // the bound address
        row("10.0.0.7:99", true);
        row("10.0.0.8", false);
        row("fleet.example", true);
        row("FLEET.example:1", true);
        row("ported.example:81", true);
        row("ported.example", false);
        row("ported.example:82", false);
        row("x.fleet.example", false);
        row("localhost.example", false);
        row("", false);
        row(".", false);
        row("[", false);
        row("[]", false);
        row("[::1", false);
        row("[::1]x", false);
        row("::1", false);
        row("localhost:", true); // an empty port is the default one (RFC 3986)
        row("localhost:123456", false);
        row("localhost:8a", false);
        row("local host", false);
        row("localhost/", false);
        row("localhost,evil", false);
        row("\xC3\xA9", false);
    }

    void knowsHosts() {
        QFETCH(QByteArray, host);
        const HostRules rules{{"fleet.example", "ported.example:81"}, "10.0.0.7"};
        QTEST(rules.accepts(host), "accepted");
    }

    void acceptsAnyHostWhenTold() {
        const HostRules any{{"*"}, "10.0.0.7"};
        QVERIFY(any.accepts("evil.example"));
        QVERIFY(!any.accepts("ev il"));
        QVERIFY(!any.accepts(QByteArray(300, 'a')));
    }

    void wantsOneHost() {
        RequestHead h = head("/");
        h.headers.clear();
        QCOMPARE(checkHead(h, {}).error().status, 400);
        h.version = 10;
        QVERIFY(checkHead(h, {}));
        h.headers = {{"HOST", "localhost"}, {"host", "localhost"}};
        QCOMPARE(checkHead(h, {}).error().status, 400);
    }

    void readsExpectations() {
        RequestHead h = head("/");
        QVERIFY(!checkHead(h, {})->expectsContinue);
        h.headers.emplaceBack("expect", "100-Continue");
        QVERIFY(checkHead(h, {})->expectsContinue);
        h.version = 10;
        QVERIFY(!checkHead(h, {})->expectsContinue);
        h.version = 11;
        h.headers.emplaceBack("expect", "100-continue");
        QCOMPARE(checkHead(h, {}).error().status, 417);
    }
};

QTEST_GUILESS_MAIN(TestRequestHead)
#include "tst_requesthead.moc"
