#pragma once

#include "core/store/sqlite/storethread.h"
#include "core/store/store.h"

namespace vigie::stores::sqlite {

/// The store of an orchestrator that runs alone: every call runs on the store's own thread and
/// comes back to the thread that opened it. Calls after the end has begun are Cancelled.
class SqliteStore final : public Store {
public:
    static Outcome<std::unique_ptr<Store>> open(const QString& path);

    /// Everybody who waits gets an answer here, while the store is still whole.
    ~SqliteStore() override { m_thread->close(); }

    Task<Outcome<FleetContents>> load() override;
    Task<Outcome<void>> commit(ChangeSet changes) override;
    Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) override;

    Task<Outcome<std::vector<ActionLog>>> actionLogs(ActionLogQuery query) override;
    Task<Outcome<std::vector<ActionLog>>> openActions() override;
    Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) override;

    Task<Outcome<std::vector<AccessToken>>> tokens() override;
    Task<Outcome<void>> addToken(AccessToken token) override;
    Task<Outcome<RememberedAnswer>> rememberAnswer(QByteArray key,
                                                   RememberedAnswer answer) override;
    Task<Outcome<std::optional<RememberedAnswer>>> recallAnswer(QByteArray key) override;

private:
    explicit SqliteStore(std::unique_ptr<StoreThread> thread) : m_thread(std::move(thread)) {}

    template <typename T>
    Task<Outcome<T>> run(std::function<Outcome<T>(Connection&)> work);

    std::unique_ptr<StoreThread> m_thread;
};

} // namespace vigie::stores::sqlite
