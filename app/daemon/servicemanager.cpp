#include "app/daemon/servicemanager.h"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace vigie {

namespace {

/// A datagram socket connected to systemd's; -1 without one.
int connectedSocket() {
    const char* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const size_t length = path ? std::strlen(path) : 0;
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return -1;
    std::memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0'; // the abstract namespace
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    if (descriptor >= 0 &&
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

/// Half of what systemd allows between two signs of life; zero: it wants none.
Duration aliveEvery() {
    const char* const text = std::getenv("WATCHDOG_USEC");
    const long long allowed = text ? std::strtoll(text, nullptr, 10) : 0;
    return std::chrono::microseconds(std::clamp(allowed, 0LL, 86'400'000'000LL) / 2);
}

} // namespace

ServiceManager::ServiceManager(Clock& clock) : m_clock(clock), m_socket(connectedSocket()) {}

ServiceManager::~ServiceManager() {
    if (m_socket >= 0)
        ::close(m_socket);
}

void ServiceManager::tell(const QByteArray& state) const {
    if (m_socket >= 0)
        (void)::send(m_socket, state.constData(), static_cast<size_t>(state.size()),
                     MSG_NOSIGNAL | MSG_DONTWAIT);
}

void ServiceManager::ready(const QByteArray& status) {
    tell("READY=1\nSTATUS=" + status);
    const Duration every = aliveEvery();
    if (m_socket >= 0 && every > Duration::zero())
        m_alive = std::make_unique<Ticker>(m_clock, every, [this] { tell("WATCHDOG=1"); });
}

void ServiceManager::stopping() {
    m_alive.reset();
    tell("STOPPING=1");
}

void endWithin(unsigned seconds) {
    std::signal(SIGALRM, [](int) {
        static constexpr char text[] = "vigied: gave up waiting for work in hand\n";
        (void)!::write(STDERR_FILENO, text, sizeof text - 1);
        ::_exit(0);
    });
    ::alarm(seconds);
}

} // namespace vigie
