#include "core/http/redirect.h"

#include <QTest>

using namespace vigie;

class TestRedirect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void follows_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QString>("to"); // empty: taken as it is; "-": refused
        QTest::addColumn<bool>("token"); // the Authorization header goes along
        const QString http = QStringLiteral("http://a.example:80/x/y?q=1");
        const QString https = QStringLiteral("https://a.example/x/y");
        const auto row = [](const char* name, const QString& from, int status, const char* location,
                            const char* to, bool token) {
            QTest::newRow(name) << from << status << QByteArray(location) << QString::fromLatin1(to)
                                << token;
        };
        row("relative", http, 302, "z", "http://a.example:80/x/z", true);
        row("absolute path", http, 301, "/z?r=2", "http://a.example:80/z?r=2", true);
        row("same host, default port", http, 307, "http://a.example/z", "http://a.example/z", true);
        row("to https", http, 308, "https://a.example/z", "https://a.example/z", false);
        row("other host", http, 302, "http://b.example/z", "http://b.example/z", false);
        row("other port", http, 302, "http://a.example:81/z", "http://a.example:81/z", false);
        row("no scheme", https, 303, "//b.example/z", "https://b.example/z", false);
        row("https to http", https, 302, "http://a.example/z", "-", false);
        row("file", http, 302, "file:///etc/passwd", "-", false);
        row("javascript", http, 302, "javascript:alert(1)", "-", false);
        row("missing", http, 302, "", "-", false);
        row("rubbish", http, 302, "http://[::bad/", "-", false);
        row("not modified", http, 304, "/z", "", false);
        row("multiple choices", http, 300, "/z", "", false);
        row("ok", http, 200, "/z", "", false);
        row("created", http, 201, "/z", "", false);
    }
    void follows() {
        QFETCH(QString, from);
        QFETCH(int, status);
        QFETCH(QByteArray, location);
        QFETCH(QString, to);
        QFETCH(bool, token);
        HttpRequest request;
        request.url = QUrl(from);
        request.headers = {{"AUTHORIZATION", "Bearer x"}, {"Accept", "a/b"}};
        HttpReply reply;
        reply.status = status;
        if (!location.isEmpty())
            reply.headers = {{"location", location}};
        const auto next = followRedirect(request, reply, 0);
        if (to == QLatin1String("-")) {
            QVERIFY(!next);
            QCOMPARE(next.error().httpStatus, status);
            return;
        }
        QVERIFY(next);
        QCOMPARE(next->has_value(), !to.isEmpty());
        if (!*next)
            return;
        QCOMPARE((*next)->url.toString(), to);
        QCOMPARE((*next)->headers.size(), token ? 2 : 1);
    }

    void onlyReadingFollows() {
        HttpReply reply;
        reply.status = 302;
        reply.headers = {{"Location", "/z"}};
        for (const QByteArray method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}) {
            HttpRequest request;
            request.method = method;
            request.url = QUrl(QStringLiteral("http://a.example/"));
            const bool follows = followRedirect(request, reply, 0)->has_value();
            QCOMPARE(follows, method == "GET" || method == "HEAD");
            request.maxRedirects = 0; // none wanted: the reply is the answer
            QVERIFY(!followRedirect(request, reply, 0)->has_value());
        }
    }
};

QTEST_GUILESS_MAIN(TestRedirect)
#include "tst_redirect.moc"
