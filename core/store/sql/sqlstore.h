#pragma once

#include "core/store/sql/newsfeed.h"
#include "core/store/sql/sqlthread.h"
#include "core/store/store.h"

namespace vigie::stores::sql {

/// The store over connections of Qt SQL: every call runs on a thread of the store and comes back to
/// the thread that opened it. Writes run one after the other in the order they were asked; reads
/// may overtake them when there are connections for reading. Calls after the end has begun are
/// Cancelled.
class SqlStore final : public Store {
public:
    /// With no `readers` the writer's connection does everything; without `news` the store is
    /// shared with nobody.
    SqlStore(std::unique_ptr<SqlThread> writer, std::vector<std::unique_ptr<SqlThread>> readers,
             std::unique_ptr<NewsFeed> news = nullptr,
             std::shared_ptr<CircuitBreaker> circuit = nullptr)
        : m_writer(std::move(writer)), m_readers(std::move(readers)), m_news(std::move(news)),
          m_circuit(std::move(circuit)) {}

    /// Everybody who waits gets an answer here, while the store is still whole.
    ~SqlStore() override;

    Task<Outcome<FleetContents>> load() override;
    Task<Outcome<void>> commit(ChangeSet changes) override;
    Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) override;
    Task<Outcome<void>> saveAssessments(std::vector<AssessmentStamp> stamps) override;

    Task<Outcome<std::vector<ActionLog>>> actionLogs(ActionLogQuery query) override;
    Task<Outcome<std::vector<ActionLog>>> openActions() override;
    Task<Outcome<std::vector<ActionLog>>> forgottenActions() override;
    Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) override;
    Task<Outcome<LogCheck>> verifyLog(std::optional<LogMark> known) override;

    Task<Outcome<std::vector<AccessToken>>> tokens() override;
    Task<Outcome<void>> addToken(AccessToken token) override;
    Task<Outcome<void>> removeToken(QString name) override;
    Task<Outcome<RememberedAnswer>> rememberAnswer(QByteArray key,
                                                   RememberedAnswer answer) override;
    Task<Outcome<std::optional<RememberedAnswer>>> recallAnswer(QByteArray key) override;

    Task<Outcome<std::vector<QueuedCommand>>> commands() override;
    Task<Outcome<std::vector<QueuedCommand>>> takeCommands(std::vector<CommandKind> kinds,
                                                           int most) override;
    Task<Outcome<void>> settleCommand(QueuedCommand command,
                                      std::optional<std::chrono::milliseconds> again) override;
    Task<Outcome<std::vector<FinopsEvent>>> finopsEvents(FinopsQuery query) override;
    Task<Outcome<std::vector<TokenTotals>>> tokenTotals(InstanceId id) override;

    Task<Outcome<void>> saveSamples(std::vector<StoredSample> samples) override;
    Task<Outcome<std::vector<StoredSample>>> samples(SampleQuery query) override;
    Task<Outcome<int>> removeSamples(WallTime before, int most) override;

    Task<Outcome<std::vector<TableRows>>> removeOld(RetentionCut cut) override;
    Task<Outcome<StoreSize>> size() override;

    CircuitBreaker* circuit() override { return m_circuit.get(); }

    bool shared() const override { return m_news != nullptr; }
    void follow(std::function<void(StoreNews)> listener) override;
    Task<Outcome<FleetContents>> loadSome(std::vector<InstanceId> ids) override;
    Task<Outcome<qint64>> join(QString name, std::chrono::milliseconds lease) override;
    Task<Outcome<void>> renew(std::chrono::milliseconds lease) override;
    Task<Outcome<QStringList>> claim(QStringList names) override;
    Task<Outcome<void>> unclaim(QStringList names) override;
    Task<Outcome<void>> leave() override;
    Task<Outcome<QString>> holder(QString name) override;

private:
    template <typename T>
    Task<Outcome<T>> run(SqlThread& thread, std::function<Outcome<T>(Connection&)> work);
    SqlThread& reader();

    std::unique_ptr<SqlThread> m_writer;
    std::vector<std::unique_ptr<SqlThread>> m_readers;
    std::unique_ptr<NewsFeed> m_news;
    std::shared_ptr<CircuitBreaker> m_circuit; ///< null: none
};

} // namespace vigie::stores::sql
