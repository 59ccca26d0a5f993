#pragma once

#include "core/model/action.h"

#include <QString>

#include <optional>

namespace vigie {

enum class OrphanKind { Volume, Machine };
QString toString(OrphanKind kind);

/// Something at the provider that carries our tag and that nobody wants. The mark is a row of the
/// action log which is in progress as long as it stands, so that it survives a crash between
/// marking and deleting, and every replica sees the same.
struct OrphanMark {
    OrphanKind kind = OrphanKind::Volume;
    QString resource;    ///< the provider's id
    InstanceId instance; ///< whose it was; empty when nobody knows
    QString why;         ///< one sentence
    WallTime markedAt{};
    bool asked = false;    ///< its deletion was asked for: it waits for nothing more
    bool told = false;     ///< in observe mode: what would be done was said
    bool disowned = false; ///< the store is older than it: only a person may delete it
    int attempts = 0;      ///< to delete it, that failed
    bool usedUp = false;   ///< all tries failed; it is tried on slowly
    std::optional<WallTime> nextAttemptAt;
    QString lastError;
    QString correlationId; ///< of the mark, and of all that is done about it
};

/// Whether this row is one; such rows stay in progress on purpose.
bool isOrphanMark(const ActionLog& row);

/// What goes into the row's request_payload.
QByteArray encodeOrphanMark(const OrphanMark& mark);
/// Nothing for a row that is none, or that this version can't read.
std::optional<OrphanMark> decodeOrphanMark(const ActionLog& row);

} // namespace vigie
