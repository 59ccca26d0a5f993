#include "core/base/door.h"
#include "core/base/systemclock.h"
#include "core/http/httpserver.h"

#include <QEventLoop>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <array>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace vigie;

namespace {

/// A closed loop of kept connections on a thread of its own: each sends its next request when it
/// has its answer. Plain sockets, so that the load costs less than the server.
class Load {
public:
    Load(quint16 port, QByteArray request, int connections, int requests)
        : m_port(port), m_request(std::move(request)), m_connections(connections),
          m_requests(requests) {}

    void run() {
        std::vector<Client> clients(static_cast<size_t>(m_connections));
        for (Client& client : clients)
            client.socket = connectedSocket();
        std::vector<pollfd> waits;
        const MonotonicTime start = m_clock.now();
        for (Client& client : clients) {
            waits.push_back({client.socket, POLLIN, 0});
            send(client);
        }
        while (int(m_latencies.size()) < m_requests && ::poll(waits.data(), waits.size(), 5000) > 0)
            for (size_t i = 0; i < waits.size(); ++i)
                if (waits[i].revents != 0)
                    receive(clients[i]);
        m_elapsed = m_clock.now() - start;
        for (const Client& client : clients)
            ::close(client.socket);
    }

    bool complete() const { return int(m_latencies.size()) >= m_requests; }
    double perSecond() const {
        return double(m_latencies.size()) / std::chrono::duration<double>(m_elapsed).count();
    }
    double percentile(double share) {
        std::sort(m_latencies.begin(), m_latencies.end());
        const auto at = size_t(share * double(m_latencies.size() - 1));
        return std::chrono::duration<double, std::milli>(m_latencies[at]).count();
    }

private:
    struct Client {
        int socket = -1;
        MonotonicTime sent{};
    };

    int connectedSocket() const {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(m_port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            qFatal("can't connect");
        return socket;
    }

    void send(Client& client) {
        client.sent = m_clock.now();
        if (::send(client.socket, m_request.constData(), size_t(m_request.size()), 0) < 0)
            qFatal("can't send");
    }

    /// The answers are small enough to come in one piece.
    void receive(Client& client) {
        std::array<char, 4096> buffer{};
        if (::recv(client.socket, buffer.data(), buffer.size(), 0) <= 0)
            qFatal("the server closed a kept connection");
        m_latencies.push_back(m_clock.now() - client.sent);
        send(client);
    }

    SystemClock m_clock;
    const quint16 m_port;
    const QByteArray m_request;
    const int m_connections;
    const int m_requests;
    std::vector<Duration> m_latencies;
    Duration m_elapsed{};
};

} // namespace

/// Requests per second and latency through socket, parser, door, handler and back.
class BenchHttpServer final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void load_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("connections");
        const QByteArray host = " HTTP/1.1\r\nHost: localhost\r\n";
        const QByteArray body(1200, 'b');
        QTest::newRow("GET, 1 connection") << "GET /livez" + host + "\r\n" << 1;
        QTest::newRow("GET, 32 connections") << "GET /livez" + host + "\r\n" << 32;
        QTest::newRow("GET, 256 connections") << "GET /livez" + host + "\r\n" << 256;
        QTest::newRow("POST of 1.2 kB, 32 connections")
            << "POST /internal/worker/heartbeat" + host +
                   "Content-Type: application/json\r\nAuthorization: Bearer x\r\n"
                   "Content-Length: 1200\r\n\r\n" +
                   body
            << 32;
    }

    void load() {
        QFETCH(QByteArray, request);
        QFETCH(int, connections);
        const int requests = connections == 1 ? 20000 : 100000;
        int handled = 0;
        HttpServer server({}, [&handled](const ServerRequest&, const HttpServer::Respond& respond) {
            ++handled;
            respond(ServerResponse::json(200, "{\"status\":\"ok\"}"));
        });
        const auto port = server.listen(QStringLiteral("127.0.0.1"), 0);
        QVERIFY(port);
        Load load(*port, request, connections, requests);
        // A real event loop: QTest::qWaitFor sleeps between its turns.
        QEventLoop loop;
        const Door door;
        const std::unique_ptr<QThread> thread(
            QThread::create([&load, handle = door.handle(), &loop] {
                load.run();
                handle.post([&loop] { loop.quit(); });
            }));
        thread->start();
        loop.exec();
        thread->wait();
        QVERIFY(load.complete());
        QVERIFY(handled >= requests);
        qInfo("%.0f requests/s, p50 %.3f ms, p99 %.3f ms", load.perSecond(), load.percentile(0.5),
              load.percentile(0.99));
    }
};

QTEST_GUILESS_MAIN(BenchHttpServer)
#include "bench_httpserver.moc"
