#include "core/http/httpserverio.h"

#include "core/base/log.h"
#include "core/http/httpserverconnection.h"
#include "core/http/responsehead.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <future>
#include <map>
#include <vector>

namespace vigie {

namespace net = boost::asio;
using net::ip::tcp;
using Error = boost::system::error_code;

namespace {

/// How exactly deadlines are kept.
constexpr auto sweepInterval = std::chrono::milliseconds(50);
/// After running out of file descriptors.
constexpr auto acceptPause = std::chrono::milliseconds(100);
/// Connections over the limit that are told so at one time; more are just closed.
constexpr int maxRefusing = 64;

QString reason(const Error& error) {
    return QString::fromLocal8Bit(error.message().c_str());
}

/// Signals are for the thread that made the server.
class BlockedSignals {
public:
    BlockedSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &m_before);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }

private:
    sigset_t m_before{};
};

} // namespace

ServerShared::ServerShared(const HttpServerOptions& o, HttpServerIo::Deliver d)
    : options(o), answers([this] { net::post(context, [this] { answers.carryOut(); }); }),
      m_deliver(std::move(d)) {
    for (const QString& host : options.allowedHosts)
        allowedHosts.append(host.toUtf8().toLower());
}

void ServerShared::take(HttpServerIo::Incoming incoming) {
    const bool hurried = !options.unhurriedPaths.contains(incoming.request->path);
    m_gathered.push_back(std::move(incoming));
    if (hurried)
        return handOver();
    if (m_gathered.size() > 1)
        return;
    m_gathering.expires_after(options.gatherFor);
    m_gathering.async_wait([this](Error error) {
        if (!error)
            handOver();
    });
}

void ServerShared::handOver() {
    m_gathering.cancel();
    if (!m_gathered.empty())
        m_deliver(std::exchange(m_gathered, {}));
}

void ServerShared::remove(const ServerConnection* connection) {
    if (connection->isServed())
        --count;
    else
        --refusing;
    connections.erase(connection);
}

const QByteArray& ServerShared::date() {
    const WallTime now = clock.wallNow();
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != m_dateSecond || m_date.isEmpty()) {
        m_dateSecond = second;
        m_date = httpDate(now);
    }
    return m_date;
}

/// The I/O thread's state: listeners, the sweep of deadlines, and what connections share.
class HttpServerIo::Core {
public:
    Core(const HttpServerOptions& options, Deliver deliver)
        : m_shared(std::make_shared<ServerShared>(options, std::move(deliver))),
          m_sweep(m_shared->context) {}

    ServerShared& shared() { return *m_shared; }
    std::shared_ptr<Mailbox> answers() const { return {m_shared, &m_shared->answers}; }

    /// Runs `work` on the I/O thread and waits for it, which never waits for anybody.
    template <typename Work>
    auto call(Work work) {
        // Shared, because the caller wakes up before the task has quite ended.
        const auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
        net::post(m_shared->context, [task] { (*task)(); });
        return task->get_future().get();
    }

    void run() {
        armSweep();
        m_shared->context.run();
    }
    Outcome<quint16> listen(const QString& address, quint16 port, std::shared_ptr<ServerTls> tls);
    void replaceTls(quint16 port, std::shared_ptr<ServerTls> tls);
    void close(quint16 port);
    void stop();

private:
    struct Listener {
        Listener(net::io_context& context, quint16 p, std::shared_ptr<ServerTls> t)
            : acceptor(context), pause(context), port(p), tls(std::move(t)) {}
        tcp::acceptor acceptor;
        net::steady_timer pause;
        quint16 port;
        std::shared_ptr<ServerTls> tls; ///< null: plain HTTP
    };

    void accept(const std::shared_ptr<Listener>& listener);
    void onAccepted(const std::shared_ptr<Listener>& listener, Error error, tcp::socket socket);
    void armSweep();
    template <typename Visit>
    void forEachConnection(Visit visit);

    std::shared_ptr<ServerShared> m_shared;
    net::steady_timer m_sweep; ///< also what keeps the thread running
    bool m_stopping = false;
    std::map<quint16, std::shared_ptr<Listener>> m_listeners;
};

Outcome<quint16> HttpServerIo::Core::listen(const QString& address, quint16 port,
                                            std::shared_ptr<ServerTls> tls) {
    const auto refusal = [&](const QString& why) {
        return fail(
            FailureKind::Network,
            QStringLiteral("can't listen on %1, port %2: %3").arg(address).arg(port).arg(why));
    };
    Error error;
    const auto ip = net::ip::make_address(address.toStdString(), error);
    if (error)
        return fail(FailureKind::Invalid,
                    QStringLiteral("can't listen on %1, port %2: that is not an IP address")
                        .arg(address)
                        .arg(port));
    const auto listener = std::make_shared<Listener>(m_shared->context, port, std::move(tls));
    tcp::acceptor& acceptor = listener->acceptor;
    const tcp::endpoint endpoint(ip, port);
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (!error)
        listener->port = acceptor.local_endpoint(error).port();
    if (error)
        return refusal(reason(error));
    if (m_listeners.contains(listener->port))
        return refusal(QStringLiteral("another listener of this server has that port"));
    m_listeners[listener->port] = listener;
    accept(listener);
    return listener->port;
}

void HttpServerIo::Core::accept(const std::shared_ptr<Listener>& listener) {
    listener->acceptor.async_accept([this, listener](Error error, tcp::socket socket) {
        if (listener->acceptor.is_open())
            onAccepted(listener, error, std::move(socket));
    });
}

void HttpServerIo::Core::onAccepted(const std::shared_ptr<Listener>& listener, Error error,
                                    tcp::socket socket) {
    if (error && error != net::error::connection_aborted) {
        logWarning(QStringLiteral("http"), QStringLiteral("can't take a connection on port %1: %2")
                                               .arg(listener->port)
                                               .arg(reason(error)));
        listener->pause.expires_after(acceptPause);
        listener->pause.async_wait([this, listener](Error) {
            if (listener->acceptor.is_open())
                accept(listener);
        });
        return;
    }
    if (!error) {
        const bool room = m_shared->count < m_shared->options.maxConnections;
        if (room || m_shared->refusing < maxRefusing) {
            const auto connection = std::make_shared<ServerConnection>(
                m_shared, std::move(socket), listener->port, listener->tls);
            m_shared->connections.emplace(connection.get(), connection);
            if (room) {
                ++m_shared->count;
                connection->serve();
            } else {
                ++m_shared->refusing;
                connection->refuseOverLimit();
            }
        }
    }
    accept(listener);
}

/// A copy, because a visit may close the connection.
template <typename Visit>
void HttpServerIo::Core::forEachConnection(Visit visit) {
    std::vector<std::shared_ptr<ServerConnection>> all;
    all.reserve(m_shared->connections.size());
    for (const auto& [key, connection] : m_shared->connections)
        all.push_back(connection);
    for (const auto& connection : all)
        visit(*connection);
}

void HttpServerIo::Core::armSweep() {
    m_sweep.expires_after(sweepInterval);
    m_sweep.async_wait([this](Error error) {
        if (error || m_stopping)
            return;
        const MonotonicTime now = m_shared->clock.now();
        forEachConnection([now](ServerConnection& each) { each.checkDeadline(now); });
        armSweep();
    });
}

void HttpServerIo::Core::replaceTls(quint16 port, std::shared_ptr<ServerTls> tls) {
    const auto found = m_listeners.find(port);
    if (found != m_listeners.end() && found->second->tls)
        found->second->tls = std::move(tls);
}

void HttpServerIo::Core::close(quint16 port) {
    const auto found = m_listeners.find(port);
    if (found == m_listeners.end())
        return;
    Error ignored;
    found->second->acceptor.close(ignored);
    found->second->pause.cancel();
    m_listeners.erase(found);
    forEachConnection([port](ServerConnection& each) {
        if (each.listenerPort() == port)
            each.drain();
    });
}

void HttpServerIo::Core::stop() {
    while (!m_listeners.empty())
        close(m_listeners.begin()->first);
    forEachConnection([](ServerConnection& each) { each.close(); });
    // The thread ends when every aborted operation has let go of its connection.
    m_stopping = true;
    m_sweep.cancel();
}

HttpServerIo::HttpServerIo(const HttpServerOptions& options, Deliver deliver)
    : m_core(std::make_shared<Core>(options, std::move(deliver))) {
    const BlockedSignals inherited;
    m_thread = std::thread([core = m_core.get()] { core->run(); });
}

HttpServerIo::~HttpServerIo() {
    net::post(m_core->shared().context, [core = m_core.get()] { core->stop(); });
    m_thread.join();
}

Outcome<quint16> HttpServerIo::listen(const QString& address, quint16 port,
                                      std::shared_ptr<ServerTls> tls) {
    return m_core->call([this, address, port, tls] { return m_core->listen(address, port, tls); });
}

void HttpServerIo::replaceTls(quint16 port, std::shared_ptr<ServerTls> tls) {
    m_core->call([this, port, tls] { m_core->replaceTls(port, tls); });
}

void HttpServerIo::close(quint16 port) {
    m_core->call([this, port] { m_core->close(port); });
}

std::shared_ptr<Mailbox> HttpServerIo::answers() const {
    return m_core->answers();
}

int HttpServerIo::connections() const {
    return m_core->shared().count;
}

} // namespace vigie
