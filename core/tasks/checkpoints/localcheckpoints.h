#pragma once

#include "core/tasks/checkpoints/checkpointstorage.h"

namespace vigie {

/// Checkpoints as files of a folder, one sub-folder an owner. Blocks while the disk works.
class LocalCheckpoints final : public CheckpointStorage {
public:
    /// The folder is made when the first checkpoint is put.
    explicit LocalCheckpoints(const QString& folder);

    Task<Outcome<QStringList>> keys(QString prefix, std::stop_token stop) override;
    Task<Outcome<QByteArray>> get(QString key, std::stop_token stop) override;
    QString where() const override;
    Task<Outcome<void>> put(QString key, QByteArray bytes, QString retired,
                            std::stop_token stop) override;
    Task<Outcome<void>> remove(QString key, std::stop_token stop) override;

private:
    /// Invalid for a key that would leave the folder.
    Outcome<QString> pathOf(const QString& key) const;

    const QString m_folder; ///< absolute: keys are what lies below it
};

} // namespace vigie
