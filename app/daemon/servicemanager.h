#pragma once

#include "core/base/clock.h"

#include <QByteArray>

#include <memory>

namespace vigie {

/// Tells systemd how the daemon is (sd_notify(3), without its library): ready, stopping, and alive
/// for a unit with WatchdogSec. Without NOTIFY_SOCKET in the environment it does nothing.
class ServiceManager {
public:
    explicit ServiceManager(Clock& clock);
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    /// `status`: one line for `systemctl status`.
    void ready(const QByteArray& status);
    void stopping();

private:
    void tell(const QByteArray& state) const;

    Clock& m_clock;
    int m_socket = -1;
    std::unique_ptr<Ticker> m_alive;
};

/// From now on the process ends after so many seconds, whatever it waits for. A kill at any moment
/// leaves nothing half done, so this only cuts the waiting short.
void endWithin(unsigned seconds);

} // namespace vigie
