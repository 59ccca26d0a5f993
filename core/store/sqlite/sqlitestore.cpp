#include "core/store/sqlite/sqlitestore.h"

#include "core/base/eventual.h"
#include "core/store/backend.h"
#include "core/store/sqlite/accesstables.h"
#include "core/store/sqlite/audittables.h"
#include "core/store/sqlite/fleettables.h"

namespace vigie::stores::sqlite {

Outcome<std::unique_ptr<Store>> SqliteStore::open(const QString& path) {
    auto thread = StoreThread::start(path);
    if (!thread)
        return fail(thread.error());
    return std::unique_ptr<Store>(new SqliteStore(std::move(*thread)));
}

template <typename T>
Task<Outcome<T>> SqliteStore::run(std::function<Outcome<T>(Connection&)> work) {
    Eventual<Outcome<T>> answer;
    const bool submitted = m_thread->submit(
        [answer, work = std::move(work)](Connection& connection) -> StoreThread::Delivery {
            auto outcome = std::make_shared<Outcome<T>>(work(connection));
            return [answer, outcome] { answer.resolve(std::move(*outcome)); };
        });
    if (!submitted)
        co_return fail(FailureKind::Cancelled, QStringLiteral("The store is being closed."));
    Outcome<T> outcome = co_await answer;
    co_return outcome;
}

Task<Outcome<FleetContents>> SqliteStore::load() {
    return run<FleetContents>([](Connection& c) { return sqlite::load(c); });
}

Task<Outcome<void>> SqliteStore::commit(ChangeSet changes) {
    return run<void>(
        [changes = std::move(changes)](Connection& c) { return sqlite::commit(c, changes); });
}

Task<Outcome<void>> SqliteStore::saveHeartbeats(std::vector<HeartbeatStamp> beats) {
    return run<void>(
        [beats = std::move(beats)](Connection& c) { return sqlite::saveHeartbeats(c, beats); });
}

Task<Outcome<std::vector<ActionLog>>> SqliteStore::actionLogs(ActionLogQuery query) {
    return run<std::vector<ActionLog>>(
        [query = std::move(query)](Connection& c) { return sqlite::actionLogs(c, query); });
}

Task<Outcome<std::vector<ActionLog>>> SqliteStore::openActions() {
    return run<std::vector<ActionLog>>([](Connection& c) { return sqlite::openActions(c); });
}

Task<Outcome<std::vector<StateChange>>> SqliteStore::history(InstanceId id, int limit) {
    return run<std::vector<StateChange>>(
        [id = std::move(id), limit](Connection& c) { return sqlite::history(c, id, limit); });
}

Task<Outcome<std::vector<AccessToken>>> SqliteStore::tokens() {
    return run<std::vector<AccessToken>>([](Connection& c) { return sqlite::tokens(c); });
}

Task<Outcome<void>> SqliteStore::addToken(AccessToken token) {
    return run<void>(
        [token = std::move(token)](Connection& c) { return sqlite::addToken(c, token); });
}

Task<Outcome<AccessStore::RememberedAnswer>> SqliteStore::rememberAnswer(QByteArray key,
                                                                         RememberedAnswer answer) {
    return run<RememberedAnswer>([key = std::move(key), answer = std::move(answer)](Connection& c) {
        return sqlite::rememberAnswer(c, key, answer);
    });
}

Task<Outcome<std::optional<AccessStore::RememberedAnswer>>>
SqliteStore::recallAnswer(QByteArray key) {
    return run<std::optional<RememberedAnswer>>(
        [key = std::move(key)](Connection& c) { return sqlite::recallAnswer(c, key); });
}

StoreBackend descriptor() {
    return {QStringLiteral("sqlite"), QStringLiteral("sqlite:/var/lib/vigie/fleet.db"),
            [](const QString& address) {
                // "sqlite:///path" is how other tools write "sqlite:/path".
                return SqliteStore::open(address.startsWith(QLatin1String("///")) ? address.mid(2)
                                                                                  : address);
            }};
}

} // namespace vigie::stores::sqlite
