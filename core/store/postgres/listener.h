#pragma once

#include "core/base/door.h"
#include "core/store/postgres/address.h"
#include "core/store/postgres/serveraccess.h"
#include "core/store/sql/newsfeed.h"

#include <memory>
#include <thread>

namespace vigie::stores::postgres {

class Connection;

/// Listens at the server, on a thread and a session of its own, for what other orchestrators
/// announce. A session that was lost is opened again; then everything may have changed.
class Listener final : public sql::NewsFeed {
public:
    Listener(Address address, QString origin, std::shared_ptr<ServerAccess> access);
    ~Listener() override;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    void begin(std::function<void(StoreNews)> listener) override;

private:
    void run();
    bool hear(Connection& connection);
    void tell(StoreNews news);
    bool ended(std::chrono::milliseconds wait) const;

    const Address m_address;
    const QString m_origin;
    const std::shared_ptr<ServerAccess> m_access;
    int m_wake[2] = {-1, -1}; ///< a pipe; its end means ours
    std::function<void(StoreNews)> m_tell;
    Door m_door; // must be after what its work uses
    std::thread m_thread;
};

} // namespace vigie::stores::postgres
