// GET /fleet of a real vigied with 10,000 instances, over HTTP: whole, what changed of 100, and
// nothing; and the memory that the daemon takes then.

#include "tests/bench/controlplane/beatload.h"

#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace vigie;

namespace {

constexpr int fleet = 10'000;

struct Answer {
    QByteArray head, body;
    double seconds = 0;      ///< from the request to the last byte
    double firstSeconds = 0; ///< to the first
    QByteArray header(const QByteArray& name) const {
        const qsizetype at = head.indexOf("\r\n" + name + ": ") + name.size() + 4;
        return head.mid(at, head.indexOf('\r', at) - at);
    }
};

double secondsSince(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// One kept connection that asks for the fleet and waits.
class Asker {
public:
    explicit Asker(const DaemonUnderLoad& daemon) : m_token(daemon.adminToken()) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(daemon.port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            qFatal("can't connect");
    }
    Asker(const Asker&) = delete;
    Asker& operator=(const Asker&) = delete;
    ~Asker() { ::close(m_socket); }

    Answer ask(const QByteArray& path, const QByteArray& headers = {}) {
        const QByteArray request = "GET " + path +
                                   " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
                                   "Bearer " +
                                   m_token + "\r\n" + headers + "\r\n";
        const auto began = std::chrono::steady_clock::now();
        if (::send(m_socket, request.constData(), size_t(request.size()), MSG_NOSIGNAL) < 0)
            qFatal("can't send");
        Answer answer;
        qsizetype wanted = -1;
        qsizetype have = 0;
        while (wanted < 0 || have < wanted) {
            char* const room = m_input.data() + have;
            const ssize_t size = ::recv(m_socket, room, size_t(m_input.size() - have), 0);
            if (size <= 0)
                qFatal("the server closed the connection");
            if (have == 0)
                answer.firstSeconds = secondsSince(began);
            have += size;
            const auto input = QByteArray::fromRawData(m_input.constData(), have);
            if (const qsizetype end = wanted < 0 ? input.indexOf("\r\n\r\n") : -1; end >= 0) {
                answer.head = QByteArray(m_input.constData(), end + 4);
                wanted = answer.head.startsWith("HTTP/1.1 304")
                             ? answer.head.size()
                             : answer.head.size() + answer.header("Content-Length").toLongLong();
            }
        }
        answer.seconds = secondsSince(began);
        answer.body =
            QByteArray(m_input.constData() + answer.head.size(), have - answer.head.size());
        return answer;
    }

private:
    int m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    QByteArray m_token;
    /// Made before anything is asked: the pages that it needs are not the daemon's time.
    QByteArray m_input = QByteArray(64 * 1024 * 1024, '\0');
};

QByteArray cursorOf(const Answer& answer) {
    const qsizetype at = answer.body.indexOf("\"cursor\":\"") + 10;
    return answer.body.mid(at, answer.body.indexOf('"', at) - at);
}

/// One daemon for all that only read it, and a fleet in which everybody has beaten.
const DaemonUnderLoad& filledDaemon() {
    static const QTemporaryDir folder;
    static const DaemonUnderLoad daemon(QStringLiteral("sqlite:") +
                                            folder.filePath(QStringLiteral("f.db")),
                                        fleet, DaemonUnderLoad::Jobs::Off);
    return daemon;
}

void FleetFull(benchmark::State& state) {
    const DaemonUnderLoad& daemon = filledDaemon();
    double cpu = 0;
    double first = 0;
    for (auto _ : state) {
        Answer answer;
        besideEvents([&] {
            beat(daemon, 10'000, 1); // nothing that was made before can be used again
            Asker asker(daemon);
            const double before = daemon.cpuSeconds();
            answer = asker.ask("/fleet");
            cpu += daemon.cpuSeconds() - before;
        });
        state.SetIterationTime(answer.seconds);
        first += answer.firstSeconds;
        state.counters["bytes"] = double(answer.body.size());
        if (answer.body.count("\"is_archived\"") != fleet)
            state.SkipWithError("not the whole fleet");
    }
    state.counters["cpu_ms"] = cpu * 1000 / double(state.iterations());
    state.counters["first_ms"] = first * 1000 / double(state.iterations());
    runEventsFor(2); // it lets go
    state.counters["MB"] = daemon.residentBytes() / 1e6;
}
BENCHMARK(FleetFull)
    ->Name("Fleet/Full")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

void FleetDelta(benchmark::State& state) {
    const DaemonUnderLoad& daemon = filledDaemon();
    Asker asker(daemon);
    QByteArray cursor;
    besideEvents([&] { cursor = cursorOf(asker.ask("/fleet")); });
    for (auto _ : state) {
        Answer answer;
        besideEvents([&] {
            beat(daemon, 10'000, 0.01);
            answer = asker.ask("/fleet?since=" + cursor);
        });
        state.SetIterationTime(answer.seconds);
        cursor = cursorOf(answer);
        if (answer.body.count("\"is_archived\"") != 100)
            state.SkipWithError(
                ("not 100 instances but " + std::to_string(answer.body.count("\"is_archived\"")))
                    .c_str());
    }
}
BENCHMARK(FleetDelta)
    ->Name("Fleet/Delta100")
    ->UseManualTime()
    ->Iterations(50)
    ->Unit(benchmark::kMillisecond);

void FleetNotModified(benchmark::State& state) {
    const DaemonUnderLoad& daemon = filledDaemon();
    Asker asker(daemon);
    QByteArray tag;
    besideEvents([&] { tag = asker.ask("/fleet").header("ETag"); });
    for (auto _ : state) {
        Answer answer;
        besideEvents([&] { answer = asker.ask("/fleet", "If-None-Match: " + tag + "\r\n"); });
        state.SetIterationTime(answer.seconds);
        if (!answer.head.startsWith("HTTP/1.1 304"))
            state.SkipWithError(("modified: " + answer.head.left(300).toStdString()).c_str());
    }
}
BENCHMARK(FleetNotModified)
    ->Name("Fleet/NotModified")
    ->UseManualTime()
    ->Iterations(50)
    ->Unit(benchmark::kMillisecond);

} // namespace
