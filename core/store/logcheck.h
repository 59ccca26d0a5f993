#pragma once

#include <QString>

#include <optional>

namespace vigie {

/// A place in the action log's chain: the number of an event, counted from 1, and its hash (64
/// hexadecimal digits). Number 0 is the beginning, before any event.
struct LogMark {
    qint64 number = 0;
    QString hash;
};

/// What a look at the action log's chain has found.
struct LogCheck {
    qint64 events = 0;   ///< looked at
    qint64 entries = 0;  ///< rows of `action_logs`, held against the events
    LogMark anchor;      ///< up to here retention removed events; number 0: nothing was removed
    LogMark head;        ///< the last event
    qint64 brokenAt = 0; ///< number of the first event that is not as it was written
    QString broken;      ///< what is wrong, where, and what was expected; empty: all is whole
    bool knownChecked = false; ///< the mark that was known from before is still there
};

} // namespace vigie
