#pragma once

#include "core/tasks/checkpoints/checkpointcodec.h"
#include "core/tasks/checkpoints/checkpointstorage.h"

#include <optional>
#include <vector>

namespace vigie {

/// The checkpoints of one owner: saves new ones, keeps the last few, finds the newest good one.
class CheckpointHistory {
public:
    /// `keep`: how many are kept, at least 1; below 2 there is none to fall back to.
    CheckpointHistory(Clock& clock, CheckpointStorage& storage, QString owner, int keep);

    struct Found {
        std::optional<Checkpoint> checkpoint; ///< nothing: there is no readable one
        /// A sentence for each newer one that could not be used, newest first.
        QStringList passedOver;
    };
    /// The newest that is whole; a failure only when the storage can't be asked at all.
    Task<Outcome<Found>> newest(std::stop_token stop);

    /// Durable when it succeeds. Its number is one above the highest that is stored, damaged ones
    /// included. Not to be called again before it is over.
    Task<Outcome<quint64>> save(QByteArray state, std::stop_token stop);

    /// At least 1; holds from the next save on.
    void setKeep(int keep) { m_keep = std::max(keep, 1); }

    static QString keyOf(const QString& owner, quint64 sequence);

private:
    Task<Outcome<void>> learn(std::stop_token stop);

    Clock& m_clock;
    CheckpointStorage& m_storage;
    const QString m_owner;
    int m_keep;
    std::optional<std::vector<quint64>> m_stored; ///< ascending; nothing: not asked yet
};

/// One line of a list of checkpoints.
struct CheckpointInfo {
    QString key;
    qint64 bytes = 0;
    /// Or why it can't be read.
    Outcome<Checkpoint> checkpoint;
};

/// Every checkpoint that `storage` holds for `owner` (empty: for all), oldest first, each one read
/// and checked. Its state is kept only when `withState`.
Task<Outcome<std::vector<CheckpointInfo>>> listCheckpoints(CheckpointReader& storage, QString owner,
                                                           bool withState, std::stop_token stop);

} // namespace vigie
