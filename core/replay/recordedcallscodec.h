#pragma once

#include "core/base/outcome.h"
#include "core/resilience/replay.h"

#include <QByteArray>

namespace vigie {

/// Recorded calls, one a line, as CSV or as JSON lines (a first line that begins with "{").
///
/// | Field         | Meaning                                                                   |
/// |---------------|---------------------------------------------------------------------------|
/// | `at`          | when the call began: RFC 3339, or milliseconds since any moment           |
/// | `duration_ms` | how long it took: 0 or more                                               |
/// | `outcome`     | `success` or `failure`                                                    |
/// | `error_class` | of a failure, one of errorclass.h; `unknown` when absent or empty         |
/// | `cause`       | of a failure: a sentence; may be absent                                   |
///
/// CSV begins with a line of these names, in any order; values may stand in double quotes. Other
/// columns and keys, empty lines and lines of CSV that begin with "#" are skipped. At most 64 MiB
/// and a million calls. A Failure of kind Malformed or TooLarge is one line that names `file`, the
/// line and what was expected there.
Outcome<std::vector<RecordedCall>> decodeRecordedCalls(const QByteArray& text, const QString& file);

/// One JSON object: counts, and the transitions with their times in milliseconds as in `at`.
QByteArray encodeReplay(const ReplayResult& result);

} // namespace vigie
