#pragma once

#include "core/base/eventual.h"
#include "core/store/store.h"

#include <QHash>
#include <QSet>

namespace vigie {

/// A store in memory that can be told to fail, to lose a compare-and-set, or to keep its callers
/// waiting. Otherwise it behaves as the real one: all of a ChangeSet or nothing.
class MemoryStore final : public Store {
public:
    /// While set, every call fails with it.
    std::optional<Failure> failure;
    std::optional<Failure> settleFailure;   ///< of settleCommand() alone
    std::optional<Failure> loadSomeFailure; ///< of loadSome() alone
    /// So many of the next commits fail with Conflict, as if another process had been first; the
    /// stored version of what they update is one higher afterwards.
    int conflicts = 0;
    /// While true, commits wait for release(); they are applied when they are released.
    bool holding = false;
    void release();

    /// While true it is one of a store that several share; `tell` then is what others announce.
    bool isShared = false;
    std::function<void(StoreNews)> tell;
    QSet<QString> takenByOthers; ///< names that nobody here can claim
    bool leaseLost = false;      ///< another has noticed the end of our lease

    std::vector<InstanceRecord> instances;
    std::vector<Volume> volumes;
    std::vector<ActionLog> logs;           ///< oldest first
    std::vector<StateChange> changes;      ///< oldest first
    std::optional<StoreRestored> restored; ///< whether it came out of a backup
    std::vector<HeartbeatStamp> beats;
    int commits = 0, beatBatches = 0, loads = 0;

    const InstanceRecord* find(const InstanceId& id) const;
    std::vector<ActionLog> logsOf(QStringView actionType) const;

    bool shared() const override { return isShared; }
    void follow(std::function<void(StoreNews)> listener) override { tell = std::move(listener); }
    Task<Outcome<FleetContents>> loadSome(std::vector<InstanceId> ids) override;
    Task<Outcome<void>> renew(std::chrono::milliseconds lease) override;
    Task<Outcome<QStringList>> claim(QStringList names) override;
    Task<Outcome<void>> unclaim(QStringList names) override;
    QStringList claims; ///< held here now

    std::vector<QueuedCommand> queue; ///< taken: by this one here
    std::vector<FinopsEvent> finops;  ///< oldest first
    Task<Outcome<std::vector<QueuedCommand>>> commands() override;
    Task<Outcome<std::vector<QueuedCommand>>> takeCommands(std::vector<CommandKind> kinds,
                                                           int most) override;
    Task<Outcome<void>> settleCommand(QueuedCommand command,
                                      std::optional<std::chrono::milliseconds> again) override;
    Task<Outcome<std::vector<FinopsEvent>>> finopsEvents(FinopsQuery query) override;
    Task<Outcome<std::vector<TokenTotals>>> tokenTotals(InstanceId id) override;

    std::vector<StoredSample> sampleRows;
    int sampleBatches = 0;
    Task<Outcome<void>> saveSamples(std::vector<StoredSample> samples) override;
    Task<Outcome<std::vector<StoredSample>>> samples(SampleQuery query) override;
    Task<Outcome<int>> removeSamples(WallTime before, int most) override;

    int oldRows = 0; ///< of one table, that removeOld() finds
    std::vector<RetentionCut> cuts;
    int measured = 0; ///< calls of size()
    Task<Outcome<std::vector<TableRows>>> removeOld(RetentionCut cut) override;
    Task<Outcome<StoreSize>> size() override;

    Task<Outcome<FleetContents>> load() override;
    Task<Outcome<void>> commit(ChangeSet changeSet) override;
    Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> stamps) override;
    Task<Outcome<std::vector<ActionLog>>> actionLogs(ActionLogQuery query) override;
    Task<Outcome<std::vector<ActionLog>>> openActions() override;
    Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) override;
    Task<Outcome<std::vector<AccessToken>>> tokens() override;
    Task<Outcome<void>> addToken(AccessToken token) override;
    Task<Outcome<void>> removeToken(QString name) override;
    Task<Outcome<RememberedAnswer>> rememberAnswer(QByteArray key,
                                                   RememberedAnswer answer) override;
    Task<Outcome<std::optional<RememberedAnswer>>> recallAnswer(QByteArray key) override;

private:
    Outcome<void> write(const ChangeSet& set);
    Outcome<void> checkVersions(const ChangeSet& set);
    InstanceRecord* stored(const InstanceId& id);

    std::vector<Eventual<bool>> m_held;
    std::vector<AccessToken> m_tokens;
    QHash<QByteArray, RememberedAnswer> m_answers;
};

} // namespace vigie
