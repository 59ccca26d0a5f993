#include "core/store/postgres/listener.h"

#include "core/store/postgres/announcements.h"
#include "core/store/postgres/connection.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace vigie::stores::postgres {

namespace {

constexpr auto retryEvery = std::chrono::milliseconds(250);
// A server that vanished without a word is noticed by the session's keep-alive; asking now and then
// also notices a pooler that gave our session away.
constexpr auto askEvery = std::chrono::seconds(5);

} // namespace

Listener::Listener(Address address, QString origin, std::shared_ptr<ServerAccess> access)
    : m_address(std::move(address)), m_origin(std::move(origin)), m_access(std::move(access)) {
    if (::pipe2(m_wake, O_CLOEXEC) != 0)
        m_wake[0] = m_wake[1] = -1;
}

Listener::~Listener() {
    if (m_wake[1] >= 0)
        ::close(m_wake[1]);
    if (m_thread.joinable())
        m_thread.join();
    if (m_wake[0] >= 0)
        ::close(m_wake[0]);
}

void Listener::begin(std::function<void(StoreNews)> listener) {
    m_tell = std::move(listener);
    if (!m_thread.joinable() && m_wake[0] >= 0)
        m_thread = std::thread([this] { run(); });
}

bool Listener::ended(std::chrono::milliseconds wait) const {
    pollfd wake{m_wake[0], POLLIN, 0};
    return ::poll(&wake, 1, static_cast<int>(wait.count())) > 0;
}

void Listener::run() {
    std::unique_ptr<Connection> connection;
    while (!ended(std::chrono::milliseconds(0))) {
        if (!connection) {
            if (auto opened =
                    Connection::open(m_address, Connection::Role::Listener, m_origin, m_access))
                connection = std::move(*opened);
        }
        // What was written while nobody listened is not announced again.
        if (connection && connection->ready()) {
            StoreNews anything;
            anything.everything = true;
            tell(std::move(anything));
            while (hear(*connection)) {
            }
        }
        if (ended(retryEvery))
            break;
    }
}

bool Listener::hear(Connection& connection) {
    const auto payloads = connection.announced(m_wake[0], askEvery);
    if (!payloads || ended(std::chrono::milliseconds(0)))
        return false;
    StoreNews all;
    for (const QString& payload : *payloads) {
        if (auto news = newsFrom(payload, m_origin)) {
            all.logs = all.logs || news->logs;
            all.tokens = all.tokens || news->tokens;
            all.instances.insert(all.instances.end(), news->instances.begin(),
                                 news->instances.end());
        }
    }
    if (payloads->empty() && !connection.execute(QStringLiteral("SELECT 1")))
        return false;
    if (all.logs || all.tokens || !all.instances.empty())
        tell(std::move(all));
    return true;
}

void Listener::tell(StoreNews news) {
    m_door.post([this, news = std::move(news)]() mutable { m_tell(std::move(news)); });
}

} // namespace vigie::stores::postgres
