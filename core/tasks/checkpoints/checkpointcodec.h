#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// The state of a piece of work at one moment, as bytes that only its owner understands.
struct Checkpoint {
    QString owner;        ///< what it is a checkpoint of: a run's id
    quint64 sequence = 0; ///< counts the owner's checkpoints, from 1
    WallTime savedAt{};
    QByteArray state;
    bool operator==(const Checkpoint&) const = default;
};

/// Bytes to keep: "VIGIECK1", then little endian u32 CRC-32 of all that follows, u64 sequence,
/// i64 milliseconds since 1970, u32 length and UTF-8 of the owner, u64 length and bytes of the
/// state. The digit of the first word is the format's version.
QByteArray encodeCheckpoint(const Checkpoint& checkpoint);

/// Malformed, with the reason, for anything that encodeCheckpoint() did not write: cut, longer,
/// changed in any bit, or of another version (then Unsupported). Any input is safe.
Outcome<Checkpoint> decodeCheckpoint(QByteArrayView bytes);

constexpr qint64 maxCheckpointBytes = 256 * 1024 * 1024;

} // namespace vigie
