#include "tests/bench/controlplane/beatload.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace vigie {

namespace {

using Steady = std::chrono::steady_clock;
constexpr int connections = 128;

struct Connection {
    int descriptor = -1;
    std::deque<Steady::time_point> due; ///< of the beats not answered yet, oldest first
    QByteArray input;
};

int connectedTo(quint16 port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        qFatal("can't connect to port %d", int(port));
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return descriptor;
}

QByteArray requestOf(const DaemonUnderLoad::Worker& worker) {
    const QByteArray body =
        R"({"instance_id":")" + worker.id.value().toLatin1() +
        R"(","worker_id":"w","status":"ready","model_id":"mistral-small","queue_depth":3,)"
        R"("gpu_utilization":71.5,"gpu_mem_used_mb":60321,"ip_address":"10.0.0.7","agent_info":)"
        R"({"version":"1.0.0","build_date":"2026-11-01","checksum":"9f86d081884c7d65"},"metadata":)"
        R"({"gpus":[{"index":0,"gpu_utilization":71.5,"gpu_mem_used_mb":60321,)"
        R"("gpu_mem_total_mb":81920,"gpu_temp_c":64,"gpu_power_w":402.1,"gpu_power_limit_w":700}],)"
        R"("system":{"cpu_usage_pct":12.5,"load1":1.5,"load5":1.4,"load15":1.2,)"
        R"("mem_total_bytes":201326592000,"mem_available_bytes":141197049856,)"
        R"("mem_used_bytes":60129542144,"mem_used_pct":29.9,"disk_path":"/",)"
        R"("disk_total_bytes":1000204886016,"disk_used_bytes":410084003266,)"
        R"("disk_free_bytes":590120882750,"disk_used_pct":41.0,"net_rx_bps":120000,)"
        R"("net_tx_bps":880000,"net_rx_bytes_total":99120000,"net_tx_bytes_total":880120000},)"
        R"("vllm":{"requests_waiting":3,"requests_running":12,"queue_depth":3}}})";
    return "POST /internal/worker/heartbeat HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
           worker.token + "\r\nContent-Type: application/json\r\nContent-Length: " +
           QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

/// False when the connection takes nothing now.
bool sendWhole(const Connection& connection, const QByteArray& request) {
    const ssize_t sent =
        ::send(connection.descriptor, request.constData(), size_t(request.size()), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN)
        return false;
    if (sent != request.size())
        qFatal("a beat was only sent in part");
    return true;
}

int takeAnswers(Connection& connection, BeatResult& result) {
    char bytes[16384];
    const ssize_t size = ::recv(connection.descriptor, bytes, sizeof bytes, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN))
        qFatal("the server closed a connection");
    connection.input.append(bytes, std::max<ssize_t>(size, 0));
    int answers = 0;
    // {"status":"ok"} ends with the only brace of an answer.
    for (qsizetype end; (end = connection.input.indexOf('}')) >= 0; ++answers) {
        result.refused += connection.input.startsWith("HTTP/1.1 200 ") ? 0 : 1;
        connection.input.remove(0, end + 1);
        result.latency.record(Steady::now() - connection.due.front());
        connection.due.pop_front();
    }
    return answers;
}

} // namespace

BeatResult beat(const DaemonUnderLoad& daemon, int perSecond, double seconds) {
    BeatResult result;
    std::vector<QByteArray> requests;
    for (const DaemonUnderLoad::Worker& worker : daemon.workers())
        requests.push_back(requestOf(worker));
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Connection> all(connections);
    for (size_t i = 0; i < all.size(); ++i) {
        all[i].descriptor = connectedTo(daemon.port());
        epoll_event event{EPOLLIN, {.u64 = i}};
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].descriptor, &event);
    }
    const auto total = qint64(perSecond * seconds);
    const auto interval = std::chrono::nanoseconds(1'000'000'000 / perSecond);
    const auto began = Steady::now();
    qint64 answered = 0;
    while (answered < total) {
        const auto now = Steady::now();
        for (; result.sent < total && began + result.sent * interval <= now; ++result.sent) {
            Connection& connection = all[size_t(result.sent) % all.size()];
            if (!sendWhole(connection, requests[size_t(result.sent) % requests.size()]))
                break; // it has to read first; this beat is late by then
            connection.due.push_back(began + result.sent * interval);
        }
        std::array<epoll_event, 64> events{};
        const int ready = ::epoll_wait(epoll, events.data(), int(events.size()), 1);
        for (int i = 0; i < ready; ++i)
            answered += takeAnswers(all[events[size_t(i)].data.u64], result);
    }
    result.seconds = std::chrono::duration<double>(Steady::now() - began).count();
    for (const Connection& connection : all)
        ::close(connection.descriptor);
    ::close(epoll);
    return result;
}

} // namespace vigie
