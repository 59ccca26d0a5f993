#pragma once

#include "core/tasks/durable/durablefile.h"
#include "core/tasks/durable/recordlog.h"
#include "core/tasks/runner/runstatecodec.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace vigie {

/// The durable story of one run: its plan, and each task that is over, from the moment it is. One
/// process at a time works on a run.
class RunJournal {
public:
    struct Opened {
        std::unique_ptr<RunJournal> journal;
        RunState state;    ///< its header is empty when nothing was written yet
        QStringList notes; ///< what was damaged, a sentence each
    };
    /// Locks `folder` (made when it is missing) for this process and reads what is there. Conflict
    /// when another process works on the run.
    static Outcome<Opened> open(const QString& folder, const QString& runId);
    /// Only reads, without a lock: for lists. NotFound when there is no such run.
    static Outcome<Opened> look(const QString& folder, const QString& runId);

    /// Durable when it succeeds.
    Outcome<void> append(const RunRecord& record);
    Outcome<void> append(const std::vector<RunRecord>& records);

private:
    RunJournal(std::optional<FileLock> lock, RecordLog log)
        : m_lock(std::move(lock)), m_log(std::move(log)) {}
    static Outcome<Opened> read(std::optional<FileLock> lock, const QString& path);

    std::optional<FileLock> m_lock;
    RecordLog m_log;
};

} // namespace vigie
