#include "core/base/systemclock.h"
#include "core/http/httpserver.h"
#include "tests/core/http/clientcall.h"
#include "tests/support/rawclient.h"
#include "tests/support/testcertificate.h"

#include <QFile>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(vigie::ServerTlsFiles)

class TestHttpServerTls final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const TestCertificate m_authority =
        makeTestCertificate({"authority", "DNS:authority", 2, true, nullptr});
    const TestCertificate m_server = signedBy(m_authority, "127.0.0.1", "IP:127.0.0.1");
    const TestCertificate m_client = signedBy(m_authority, "operator", "DNS:operator");
    SystemClock m_clock;

    static TestCertificate signedBy(const TestCertificate& authority, const QByteArray& name,
                                    const QByteArray& other) {
        TestCertificateOptions options;
        options.commonName = name;
        options.subjectAltName = other;
        options.issuer = &authority;
        return makeTestCertificate(options);
    }
    QString file(const char* name, const QByteArray& text) const {
        QFile out(m_folder.filePath(QLatin1String(name)));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("can't write %s", name);
        return out.fileName();
    }
    ServerTlsFiles files(bool clientsToo) const {
        return {file("server.pem", m_server.pem), file("server.key", m_server.keyPem),
                clientsToo ? file("authority.pem", m_authority.pem) : QString()};
    }
    QSslConfiguration trusting(const TestCertificate* own = nullptr) const {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates({m_authority.certificate});
        if (own) {
            tls.setLocalCertificate(own->certificate);
            tls.setPrivateKey(own->key);
        }
        return tls;
    }

    static ServerResponse inPieces() {
        ResponseBody body;
        for (int i = 0; i < 7'000; ++i)
            body.append(QByteArray::number(i).rightJustified(1'000, 'x'));
        ServerResponse response = ServerResponse::text(200, {});
        response.body = std::make_shared<const ResponseBody>(std::move(body));
        return response;
    }

    struct Served {
        explicit Served(HttpServerOptions options = {})
            : server(std::move(options), [this](ServerRequest request, HttpServer::Respond answer) {
                  if (request.path == QLatin1String("/held"))
                      held = std::move(answer);
                  else if (request.path == QLatin1String("/large"))
                      answer(inPieces());
                  else
                      answer(ServerResponse::text(200, request.method + ' ' + request.body));
              }) {}
        HttpServer::Respond held;
        HttpServer server;
        quint16 port = 0;

        void listen(const ServerTlsFiles& files) {
            const auto tls = readServerTls(files);
            if (!tls)
                qFatal("%s", qUtf8Printable(tls.error().message));
            port = *server.listen(QStringLiteral("127.0.0.1"), 0, *tls);
        }
        QUrl url(const char* path = "/") const {
            return QUrl(
                QStringLiteral("https://127.0.0.1:%1%2").arg(port).arg(QLatin1String(path)));
        }
    };
    Outcome<HttpReply> ask(const Served& served, const QSslConfiguration& tls,
                           const char* path = "/", const QByteArray& body = {}) {
        HttpClient client(m_clock);
        client.setTls(tls);
        HttpRequest request = get(served.url(path));
        if (!body.isEmpty()) {
            request.method = "POST";
            request.body = body;
        }
        return finish(client, std::move(request));
    }

private Q_SLOTS:
    void servesWhoTrustsItsAuthority() {
        Served served;
        served.listen(files(false));
        const auto reply = ask(served, trusting(), "/", QByteArray(200'000, 'y'));
        QVERIFY2(reply.has_value(), reply ? "" : qPrintable(reply.error().message));
        QCOMPARE(reply->status, 200);
        QCOMPARE(reply->body.size(), 200'005);
        const auto large = ask(served, trusting(), "/large");
        QVERIFY(large && large->body == inPieces().body->joined());
        const auto stranger = ask(served, QSslConfiguration::defaultConfiguration());
        QVERIFY(!stranger && stranger.error().kind == FailureKind::Tls);
    }

    void keepsTheConnectionAndEndsItCleanly() {
        Served served;
        served.listen(files(false));
        QSslSocket socket;
        socket.setSslConfiguration(trusting());
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), served.port);
        QTRY_VERIFY(socket.isEncrypted());
        QVERIFY(socket.sessionProtocol() >= QSsl::TlsV1_2);
        QByteArray seen;
        for (int i = 1; i <= 3; ++i) {
            socket.write(i < 3 ? "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                               : "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            QTRY_VERIFY((seen += socket.readAll()).count("200 OK") == i);
        }
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(served.server.connections(), 0);
    }

    void clientsMustShowACertificateWhenOneIsAsked() {
        Served served;
        served.listen(files(true));
        const auto with = ask(served, trusting(&m_client));
        QVERIFY2(with.has_value(), with ? "" : qPrintable(with.error().message));
        QCOMPARE(with->status, 200);
        QVERIFY(!ask(served, trusting()));
        // Of an authority that the server does not know.
        const TestCertificate foreign =
            makeTestCertificate({"foreign", "DNS:foreign", 2, false, nullptr});
        QVERIFY(!ask(served, trusting(&foreign)));
        QTRY_COMPARE(served.server.connections(), 0);
    }

    void plainHttpIsToldSo() {
        Served served;
        served.listen(files(false));
        RawClient client(served.port);
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.waitClosed());
        const QByteArray said = client.unread();
        QVERIFY2(said.startsWith("HTTP/1.1 400 ") && said.contains("HTTPS only"), said.constData());
    }

    void givesUpOnASlowHandshake_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a cut hello") << QByteArray("\x16\x03\x01\x02\x00\x01", 6);
        QTest::newRow("rubbish") << QByteArray(64, '\xff');
    }
    void givesUpOnASlowHandshake() {
        QFETCH(QByteArray, bytes);
        HttpServerOptions options;
        options.headerTimeout = 200ms;
        Served served(options);
        served.listen(files(false));
        RawClient client(served.port);
        client.send(bytes);
        QVERIFY(client.waitClosed());
        QTRY_COMPARE(served.server.connections(), 0);
    }

    void givesUpOnASlowRequest() {
        HttpServerOptions options;
        options.headerTimeout = 2s; // the handshake has no longer either, also on a busy machine
        Served served(options);
        served.listen(files(false));
        QSslSocket socket;
        socket.setSslConfiguration(trusting());
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), served.port);
        QTRY_VERIFY(socket.isEncrypted());
        socket.write("GET / HT");
        QByteArray seen;
        QTRY_VERIFY((seen += socket.readAll()).contains("408 "));
        QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    }

    void noticesAClientThatLeavesAHeldCall() {
        HttpServerOptions options;
        options.writeTimeout = 200ms;
        Served served(options);
        served.listen(files(false));
        QSslSocket socket;
        socket.setSslConfiguration(trusting());
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), served.port);
        QTRY_VERIFY(socket.isEncrypted());
        socket.write("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_VERIFY(served.held);
        socket.abort();
        QTRY_COMPARE(served.server.connections(), 0);
        served.held(ServerResponse::text(200, "nobody hears this"));
    }

    void aRenewedCertificateIsTaken() {
        Served served;
        served.listen(files(false));
        const TestCertificate renewed = signedBy(m_authority, "renewed", "IP:127.0.0.1");
        const auto tls = readServerTls(
            {file("renewed.pem", renewed.pem), file("renewed.key", renewed.keyPem), {}});
        QVERIFY(tls);
        served.server.replaceTls(served.port, *tls);
        QSslSocket socket;
        socket.setSslConfiguration(trusting());
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), served.port);
        QTRY_VERIFY(socket.isEncrypted());
        QVERIFY(socket.peerCertificate() == renewed.certificate);
    }

    void filesThatCannotBeUsedAreNamed_data() {
        QTest::addColumn<ServerTlsFiles>("files");
        QTest::addColumn<QString>("says");
        const ServerTlsFiles good = files(true);
        const QString rubbish = file("rubbish.pem", "no PEM at all");
        const QString absent = m_folder.filePath(QStringLiteral("absent.pem"));
        const auto row = [](const char* name, const ServerTlsFiles& f, const QString& says) {
            QTest::newRow(name) << f << says;
        };
        row("no certificate", {absent, good.key, {}}, absent);
        row("no key", {good.certificate, absent, {}}, absent);
        row("no authority", {good.certificate, good.key, absent}, absent);
        row("certificate", {rubbish, good.key, {}}, rubbish);
        row("key", {good.certificate, rubbish, {}}, rubbish);
        row("authority", {good.certificate, good.key, rubbish}, rubbish);
        row("another's key", {good.certificate, file("client.key", m_client.keyPem), {}},
            QStringLiteral("client.key"));
    }
    void filesThatCannotBeUsedAreNamed() {
        QFETCH(ServerTlsFiles, files);
        QFETCH(QString, says);
        const auto tls = readServerTls(files);
        QVERIFY(!tls && tls.error().kind == FailureKind::Invalid);
        QVERIFY2(tls.error().message.contains(says), qPrintable(tls.error().message));
    }
};

QTEST_GUILESS_MAIN(TestHttpServerTls)
#include "tst_httpservertls.moc"
