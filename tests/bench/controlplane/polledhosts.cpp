// What it costs to poll 1,000 hosts once a second each over HTTP, as a dashboard of many sources
// does. VIGIE_BENCH_SECONDS is how long (5).

#include "core/base/systemclock.h"
#include "core/http/httpclient.h"
#include "tests/bench/controlplane/daemonunderload.h"

#include <QCoreApplication>

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <benchmark/benchmark.h>
#include <ctime>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace vigie;

namespace {

constexpr int hosts = 1000;

double cpuSecondsOf(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

/// 1,000 addresses of this machine, each with a server that answers 2 kB and keeps its connections;
/// all on one thread, whose processor time is known.
class Hosts {
public:
    Hosts() {
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
        for (int i = 0; i < hosts; ++i)
            listenAt(0x7f000002u + unsigned(i)); // 127.0.0.2 and on
        m_thread = std::thread([this] { serve(); });
    }
    ~Hosts() {
        m_stop = true;
        m_thread.join();
        ::close(m_epoll);
        for (const int descriptor : m_open)
            ::close(descriptor);
    }
    Hosts(const Hosts&) = delete;
    Hosts& operator=(const Hosts&) = delete;

    const std::vector<QUrl>& urls() const { return m_urls; }
    double cpuSeconds() const { return m_cpu; }

private:
    void listenAt(unsigned address) {
        const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(address);
        socklen_t size = sizeof at;
        if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&at), size) != 0 ||
            ::listen(descriptor, 8) != 0 ||
            ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size) != 0)
            qFatal("can't listen");
        char text[INET_ADDRSTRLEN];
        ::inet_ntop(AF_INET, &at.sin_addr, text, sizeof text);
        m_urls.emplace_back(
            QStringLiteral("http://%1:%2/livez").arg(QLatin1String(text)).arg(ntohs(at.sin_port)));
        watch(descriptor);
        m_listening = descriptor;
    }

    void watch(int descriptor) {
        epoll_event event{EPOLLIN, {.fd = descriptor}};
        ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
        m_open.push_back(descriptor);
    }

    void serve() {
        const QByteArray body(2048, 'x');
        const QByteArray answer =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " +
            QByteArray::number(body.size()) + "\r\n\r\n" + body;
        std::array<epoll_event, 64> events{};
        while (!m_stop) {
            const int ready = ::epoll_wait(m_epoll, events.data(), int(events.size()), 50);
            for (int i = 0; i < ready; ++i) {
                const int descriptor = events[size_t(i)].data.fd;
                if (descriptor <= m_listening) {
                    if (const int caller = ::accept4(descriptor, nullptr, nullptr, SOCK_CLOEXEC);
                        caller >= 0)
                        watch(caller);
                    continue;
                }
                char bytes[8192];
                const ssize_t size = ::recv(descriptor, bytes, sizeof bytes, 0);
                if (size <= 0)
                    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
                else
                    (void)!::send(descriptor, answer.constData(), size_t(answer.size()),
                                  MSG_NOSIGNAL);
            }
            m_cpu = cpuSecondsOf(CLOCK_THREAD_CPUTIME_ID);
        }
    }

    int m_epoll = ::epoll_create1(EPOLL_CLOEXEC);
    int m_listening = 0; ///< the last of those that listen; those of callers come after them
    std::vector<int> m_open;
    std::vector<QUrl> m_urls;
    std::atomic<bool> m_stop{false};
    std::atomic<double> m_cpu{0};
    std::thread m_thread;
};

struct Poll {
    qint64 answered = 0, failed = 0;
};

Task<> ask(HttpClient& client, QUrl url, std::stop_token stop, Poll& poll) {
    HttpRequest request;
    request.url = url;
    const auto reply = co_await client.send(std::move(request), std::move(stop));
    ++(reply && reply->status == 200 ? poll.answered : poll.failed);
}

void pollHosts(benchmark::State& state) {
    const int asked = qEnvironmentVariableIntValue("VIGIE_BENCH_SECONDS");
    const int seconds = asked > 0 ? asked : 5;
    const Hosts all;
    SystemClock clock;
    HttpClient client(clock);
    for (auto _ : state) {
        Poll poll;
        std::size_t next = 0;
        TaskScope scope;
        const Ticker ticker(clock, std::chrono::milliseconds(10), [&] {
            for (int i = 0; i < hosts / 100; ++i)
                scope.spawn(ask(client, all.urls()[next++ % hosts], scope.token(), poll));
        });
        runEventsFor(2); // everybody is connected by then
        const double before = cpuSecondsOf(CLOCK_PROCESS_CPUTIME_ID) - all.cpuSeconds();
        const qint64 answeredBefore = poll.answered;
        runEventsFor(seconds);
        const double cpu = cpuSecondsOf(CLOCK_PROCESS_CPUTIME_ID) - all.cpuSeconds() - before;
        state.counters["per_s"] = double(poll.answered - answeredBefore) / seconds;
        state.counters["cores"] = cpu / seconds; // of the client, the servers' thread left out
        if (poll.failed > 0)
            state.SkipWithError("calls failed");
    }
}
BENCHMARK(pollHosts)->Name("HttpClient/1000Hosts")->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
