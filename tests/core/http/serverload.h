#pragma once

#include "core/base/systemclock.h"
#include "core/http/httpserver.h"
#include "tests/core/http/clientcall.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace vigie {

/// A client that is connected and does nothing by itself.
class Socket {
public:
    explicit Socket(quint16 port) : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (m_descriptor < 0 ||
            ::connect(m_descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address))
            qFatal("can't connect: %s", std::strerror(errno));
        ::fcntl(m_descriptor, F_SETFL, O_NONBLOCK);
    }
    Socket(Socket&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    void send(const QByteArray& bytes) const {
        (void)!::send(m_descriptor, bytes.constData(), static_cast<size_t>(bytes.size()),
                      MSG_NOSIGNAL);
    }

private:
    int m_descriptor;
};

inline qint64 residentBytes() {
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

/// A sanitizer keeps what was freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr qint64 megabyte = 16 * 1024 * 1024;
#else
inline constexpr qint64 megabyte = 1024 * 1024;
#endif

inline const QByteArray large(7'000'000, 'x');

inline HttpServerOptions manyConnections() {
    HttpServerOptions options;
    options.maxConnections = 2000;
    return options;
}

/// A server and many bad clients at once: its memory stays bounded, and others are answered, within
/// `inTime` where one is given.
class ServerLoad {
public:
    void begin() {
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
        ::setrlimit(RLIMIT_NOFILE, &files);
        QVERIFY2(files.rlim_cur >= 2600, "this machine allows too few open files");
        m_port = *m_server.listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(answers(std::nullopt));
    }

    void slowClients(int count, std::optional<Duration> inTime) {
        const qint64 before = residentBytes();
        std::vector<Socket> slow;
        const QByteArray header =
            "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
        for (int i = 0; i < count; ++i) {
            slow.emplace_back(m_port);
            slow.back().send(header.left(i % header.size() + 1));
        }
        QTRY_VERIFY(m_server.connections() >= count);
        QVERIFY(answers(inTime));
        const qint64 grown = residentBytes() - before;
        QVERIFY2(grown < 64 * megabyte, qPrintable(QString::number(grown)));
        slow.clear();
        QTRY_VERIFY(m_server.connections() < 10);
    }

    void deafClients(int count, std::optional<Duration> inTime) {
        const qint64 before = residentBytes();
        std::vector<Socket> deaf;
        for (int i = 0; i < count; ++i) {
            deaf.emplace_back(m_port);
            deaf.back().send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        QTRY_VERIFY(m_server.connections() >= count);
        QVERIFY(answers(inTime));
        const qint64 grown = residentBytes() - before;
        QVERIFY2(grown < 16 * megabyte, qPrintable(QString::number(grown)));
    }

private:
    /// Whether others are; the slowest of some calls but one, which a busy machine may delay.
    bool answers(std::optional<Duration> inTime) {
        std::vector<Duration> took;
        for (int i = 0; i < 100; ++i) {
            const auto reply =
                finish(m_client, get(QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(m_port))));
            if (!reply || reply->status != 200)
                return false;
            took.push_back(reply->elapsed);
        }
        std::ranges::sort(took);
        const Duration p99 = took[98];
        qInfo("p99 %.1f ms", std::chrono::duration<double, std::milli>(p99).count());
        return !inTime || p99 < *inTime;
    }

    SystemClock m_clock;
    HttpClient m_client{m_clock};
    const std::shared_ptr<const ResponseBody> m_body = std::make_shared<const ResponseBody>(large);
    HttpServer m_server{manyConnections(),
                        [this](ServerRequest request, const HttpServer::Respond& respond) {
                            ServerResponse response = ServerResponse::text(200, "ok");
                            if (request.path == QLatin1String("/large"))
                                response.body = m_body;
                            respond(std::move(response));
                        }};
    quint16 m_port = 0;
};

} // namespace vigie
