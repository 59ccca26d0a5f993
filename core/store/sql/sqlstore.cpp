#include "core/store/sql/sqlstore.h"

#include "core/base/eventual.h"
#include "core/store/sql/accesstables.h"
#include "core/store/sql/audittables.h"
#include "core/store/sql/commandtables.h"
#include "core/store/sql/finopstables.h"
#include "core/store/sql/fleettables.h"
#include "core/store/sql/logwalk.h"
#include "core/store/sql/replicatables.h"
#include "core/store/sql/retention.h"
#include "core/store/sql/sampletables.h"

#include <algorithm>

namespace vigie::stores::sql {

namespace {

template <typename T>
Outcome<T> attempt(Connection& connection, const std::function<Outcome<T>(Connection&)>& work) {
    if (const auto ready = connection.ready(); !ready)
        return fail(ready.error());
    Outcome<T> outcome = work(connection);
    if (outcome) {
        const auto instead = connection.spoilt();
        return instead ? Outcome<T>(fail(*instead)) : outcome;
    }
    const Outcome<bool> revived = connection.revived();
    if (!revived)
        return fail(revived.error());
    return *revived ? work(connection) : outcome;
}

} // namespace

SqlStore::~SqlStore() {
    m_news.reset();
    m_writer->close();
    for (const auto& thread : m_readers)
        thread->close();
}

SqlThread& SqlStore::reader() {
    if (m_readers.empty())
        return *m_writer;
    return **std::ranges::min_element(m_readers, {},
                                      [](const auto& thread) { return thread->waiting(); });
}

template <typename T>
Task<Outcome<T>> SqlStore::run(SqlThread& thread, std::function<Outcome<T>(Connection&)> work) {
    Eventual<Outcome<T>> answer;
    const auto submitted = thread.submit(
        [answer, work = std::move(work)](Connection& connection) -> SqlThread::Delivery {
            auto outcome = std::make_shared<Outcome<T>>(attempt(connection, work));
            return [answer, outcome] { answer.resolve(std::move(*outcome)); };
        });
    if (!submitted)
        co_return fail(submitted.error());
    Outcome<T> outcome = co_await answer;
    co_return outcome;
}

Task<Outcome<FleetContents>> SqlStore::load() {
    // By the writer: what it was asked to write before is in the answer.
    return run<FleetContents>(*m_writer, [](Connection& c) { return sql::load(c); });
}

Task<Outcome<void>> SqlStore::commit(ChangeSet changes) {
    return run<void>(*m_writer, [changes = std::move(changes)](Connection& c) {
        return sql::commit(c, changes);
    });
}

Task<Outcome<void>> SqlStore::saveHeartbeats(std::vector<HeartbeatStamp> beats) {
    return run<void>(*m_writer, [beats = std::move(beats)](Connection& c) {
        return sql::saveHeartbeats(c, beats);
    });
}

Task<Outcome<void>> SqlStore::saveAssessments(std::vector<AssessmentStamp> stamps) {
    return run<void>(*m_writer, [stamps = std::move(stamps)](Connection& c) {
        return sql::saveAssessments(c, stamps);
    });
}

Task<Outcome<std::vector<ActionLog>>> SqlStore::actionLogs(ActionLogQuery query) {
    return run<std::vector<ActionLog>>(
        reader(), [query = std::move(query)](Connection& c) { return sql::actionLogs(c, query); });
}

Task<Outcome<std::vector<ActionLog>>> SqlStore::openActions() {
    return run<std::vector<ActionLog>>(reader(), [](Connection& c) { return sql::openActions(c); });
}

Task<Outcome<std::vector<ActionLog>>> SqlStore::forgottenActions() {
    return run<std::vector<ActionLog>>(reader(),
                                       [](Connection& c) { return sql::forgottenActions(c); });
}

Task<Outcome<std::vector<StateChange>>> SqlStore::history(InstanceId id, int limit) {
    return run<std::vector<StateChange>>(reader(), [id = std::move(id), limit](Connection& c) {
        return sql::history(c, id, limit);
    });
}

Task<Outcome<LogCheck>> SqlStore::verifyLog(std::optional<LogMark> known) {
    const auto walk = std::make_shared<LogWalk>(std::move(known));
    // Named: GCC 12 destroys the temporaries of a co_await's expression twice.
    const std::function<Outcome<void>(Connection&)> step = [walk](Connection& c) {
        return walk->step(c);
    };
    while (!walk->done()) {
        Task<Outcome<void>> turn = run<void>(reader(), step);
        const Outcome<void> stepped = co_await turn;
        if (!stepped)
            co_return fail(stepped.error());
    }
    co_return LogCheck(walk->check());
}

Task<Outcome<std::vector<AccessToken>>> SqlStore::tokens() {
    return run<std::vector<AccessToken>>(reader(), [](Connection& c) { return sql::tokens(c); });
}

Task<Outcome<void>> SqlStore::addToken(AccessToken token) {
    return run<void>(*m_writer,
                     [token = std::move(token)](Connection& c) { return sql::addToken(c, token); });
}

Task<Outcome<void>> SqlStore::removeToken(QString name) {
    return run<void>(*m_writer,
                     [name = std::move(name)](Connection& c) { return sql::removeToken(c, name); });
}

Task<Outcome<AccessStore::RememberedAnswer>> SqlStore::rememberAnswer(QByteArray key,
                                                                      RememberedAnswer answer) {
    return run<RememberedAnswer>(*m_writer,
                                 [key = std::move(key), answer = std::move(answer)](Connection& c) {
                                     return sql::rememberAnswer(c, key, answer);
                                 });
}

Task<Outcome<std::optional<AccessStore::RememberedAnswer>>> SqlStore::recallAnswer(QByteArray key) {
    // By the writer: it is also how the control plane asks whether writing is possible.
    return run<std::optional<RememberedAnswer>>(
        *m_writer, [key = std::move(key)](Connection& c) { return sql::recallAnswer(c, key); });
}

Task<Outcome<std::vector<QueuedCommand>>> SqlStore::commands() {
    return run<std::vector<QueuedCommand>>(reader(),
                                           [](Connection& c) { return sql::commands(c); });
}

Task<Outcome<std::vector<QueuedCommand>>> SqlStore::takeCommands(std::vector<CommandKind> kinds,
                                                                 int most) {
    return run<std::vector<QueuedCommand>>(*m_writer,
                                           [kinds = std::move(kinds), most](Connection& c) {
                                               return sql::takeCommands(c, kinds, most);
                                           });
}

Task<Outcome<void>> SqlStore::settleCommand(QueuedCommand command,
                                            std::optional<std::chrono::milliseconds> again) {
    return run<void>(*m_writer, [command = std::move(command), again](Connection& c) {
        return sql::settleCommand(c, command, again);
    });
}

Task<Outcome<std::vector<FinopsEvent>>> SqlStore::finopsEvents(FinopsQuery query) {
    return run<std::vector<FinopsEvent>>(reader(), [query = std::move(query)](Connection& c) {
        return sql::finopsEvents(c, query);
    });
}

Task<Outcome<std::vector<TokenTotals>>> SqlStore::tokenTotals(InstanceId id) {
    return run<std::vector<TokenTotals>>(
        reader(), [id = std::move(id)](Connection& c) { return sql::tokenTotals(c, id); });
}

Task<Outcome<void>> SqlStore::saveSamples(std::vector<StoredSample> samples) {
    return run<void>(*m_writer, [samples = std::move(samples)](Connection& c) {
        return sql::saveSamples(c, samples);
    });
}

Task<Outcome<std::vector<StoredSample>>> SqlStore::samples(SampleQuery query) {
    return run<std::vector<StoredSample>>(
        reader(), [query = std::move(query)](Connection& c) { return sql::samples(c, query); });
}

Task<Outcome<int>> SqlStore::removeSamples(WallTime before, int most) {
    return run<int>(*m_writer,
                    [before, most](Connection& c) { return sql::removeSamples(c, before, most); });
}

Task<Outcome<std::vector<TableRows>>> SqlStore::removeOld(RetentionCut cut) {
    return run<std::vector<TableRows>>(*m_writer,
                                       [cut](Connection& c) { return sql::removeOld(c, cut); });
}

Task<Outcome<StoreSize>> SqlStore::size() {
    return run<StoreSize>(reader(), [](Connection& c) { return sql::size(c); });
}

void SqlStore::follow(std::function<void(StoreNews)> listener) {
    if (m_news)
        m_news->begin(std::move(listener));
}

Task<Outcome<FleetContents>> SqlStore::loadSome(std::vector<InstanceId> ids) {
    return run<FleetContents>(
        reader(), [ids = std::move(ids)](Connection& c) { return sql::loadSome(c, ids); });
}

Task<Outcome<qint64>> SqlStore::join(QString name, std::chrono::milliseconds lease) {
    return run<qint64>(*m_writer,
                       [name, lease](Connection& c) { return sql::join(c, name, lease); });
}

Task<Outcome<void>> SqlStore::renew(std::chrono::milliseconds lease) {
    return run<void>(*m_writer, [lease](Connection& c) { return sql::renew(c, lease); });
}

Task<Outcome<QStringList>> SqlStore::claim(QStringList names) {
    return run<QStringList>(*m_writer, [names](Connection& c) { return sql::claim(c, names); });
}

Task<Outcome<void>> SqlStore::unclaim(QStringList names) {
    return run<void>(*m_writer, [names](Connection& c) { return sql::unclaim(c, names); });
}

Task<Outcome<void>> SqlStore::leave() {
    return run<void>(*m_writer, [](Connection& c) { return sql::leave(c); });
}

Task<Outcome<QString>> SqlStore::holder(QString name) {
    return run<QString>(reader(), [name](Connection& c) { return sql::holder(c, name); });
}

} // namespace vigie::stores::sql
