#pragma once

#include "core/store/store.h"

#include <QHash>

#include <functional>

namespace vigie {

/// A store in memory that can go away. Outlives the orchestrators of a simulation.
class SimStore final : public Store {
public:
    bool away = false;

    const InstanceRecord* find(const InstanceId& id) const;
    /// Told of every instance that is new.
    std::function<void(const Instance&)> onInsert;

    Task<Outcome<FleetContents>> load() override;
    Task<Outcome<void>> commit(ChangeSet changes) override;
    Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) override;
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
    Outcome<void> write(ChangeSet& changes);
    ActionLog* entryOf(const ActionLogId& id);

    std::vector<InstanceId> m_order;
    QHash<InstanceId, InstanceRecord> m_records;
    QHash<InstanceId, std::vector<ActionLog>> m_logs; ///< oldest first; of no instance: the rest
    QHash<ActionLogId, InstanceId> m_open;
    std::vector<StateChange> m_changes;
    QHash<VolumeId, Volume> m_volumes;
};

} // namespace vigie
