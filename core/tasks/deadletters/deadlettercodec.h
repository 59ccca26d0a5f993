#pragma once

#include "core/base/outcome.h"
#include "core/tasks/deadletters/deadletter.h"

#include <QByteArray>

#include <variant>

namespace vigie {

/// A letter is gone: replayed with success, dropped, expired or pushed out.
struct DeadLetterGone {
    QString id;
    QString why;
};
/// One record of the queue's log: a letter as it is now, or the end of one.
using DeadLetterEvent = std::variant<DeadLetter, DeadLetterGone>;

QByteArray encodeDeadLetterEvent(const DeadLetterEvent& event);
/// Malformed when it is neither.
Outcome<DeadLetterEvent> decodeDeadLetterEvent(const QByteArray& bytes);

/// A letter as one JSON object, for people and scripts.
QByteArray encodeDeadLetter(const DeadLetter& letter);

} // namespace vigie
