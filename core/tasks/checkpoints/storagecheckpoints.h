#pragma once

#include "core/services/storage/storageclient.h"
#include "core/tasks/checkpoints/checkpointstorage.h"

namespace vigie {

/// Checkpoints as objects of an S3-style bucket, so that a run can be resumed on another machine.
class StorageCheckpoints final : public CheckpointStorage {
public:
    /// `prefix` stands before every key, such as "vigie/"; `where` is for people.
    StorageCheckpoints(StorageClient& client, QString prefix, QString where)
        : m_client(client), m_prefix(std::move(prefix)), m_where(std::move(where)) {}

    Task<Outcome<QStringList>> keys(QString prefix, std::stop_token stop) override;
    Task<Outcome<QByteArray>> get(QString key, std::stop_token stop) override;
    QString where() const override { return m_where; }
    /// A failure after the new object was stored (the old one could not be removed) counts for
    /// nothing: one checkpoint too many does no harm.
    Task<Outcome<void>> put(QString key, QByteArray bytes, QString retired,
                            std::stop_token stop) override;
    Task<Outcome<void>> remove(QString key, std::stop_token stop) override;

private:
    StorageClient& m_client;
    const QString m_prefix;
    const QString m_where;
};

} // namespace vigie
