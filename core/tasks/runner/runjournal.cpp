#include "core/tasks/runner/runjournal.h"

#include <QDir>
#include <QFileInfo>

namespace vigie {

namespace {

QString journalPath(const QString& folder) {
    return QDir(folder).filePath(QStringLiteral("journal.log"));
}

} // namespace

Outcome<RunJournal::Opened> RunJournal::open(const QString& folder, const QString& runId) {
    if (auto made = makePrivateFolder(folder); !made)
        return fail(made.error());
    auto lock = FileLock::tryLock(QDir(folder).filePath(QStringLiteral("lock")),
                                  QStringLiteral("run %1").arg(runId));
    if (!lock)
        return fail(lock.error());
    return read(std::move(*lock), journalPath(folder));
}

Outcome<RunJournal::Opened> RunJournal::look(const QString& folder, const QString& runId) {
    const QString path = journalPath(folder);
    if (!QFileInfo::exists(path))
        return fail(FailureKind::NotFound,
                    QStringLiteral("there is no run \"%1\"; vigied task list shows all")
                        .arg(runId.left(100)));
    return read({}, path);
}

Outcome<RunJournal::Opened> RunJournal::read(std::optional<FileLock> lock, const QString& path) {
    auto log = RecordLog::open(path);
    if (!log)
        return fail(log.error());
    Opened opened;
    opened.journal.reset(new RunJournal(std::move(lock), std::move(*log)));
    const auto take = [&opened](QByteArrayView payload) {
        const auto record = decodeRunRecord(payload.toByteArray());
        if (!record) {
            opened.notes.append(record.error().message);
        } else if (const auto* header = std::get_if<RunHeader>(&*record)) {
            opened.state.header = *header;
        } else if (const auto* result = std::get_if<TaskResult>(&*record)) {
            opened.state.take(*result);
        } else {
            opened.state.finishedAt = std::get<RunFinished>(*record).at;
        }
    };
    const RecordLog::Guard guard(opened.journal->m_log);
    const auto damage = opened.journal->m_log.read(take);
    if (!damage)
        return fail(damage.error());
    if (damage->places > 0)
        opened.notes.append(
            QStringLiteral("%1 is damaged in %2 places (%3 bytes); what stood there "
                           "comes from the checkpoints or is done again")
                .arg(path)
                .arg(damage->places)
                .arg(damage->bytes));
    if (damage->torn)
        opened.notes.append(
            QStringLiteral("%1: its last record was not written whole; that task is done again")
                .arg(path));
    return opened;
}

Outcome<void> RunJournal::append(const RunRecord& record) {
    return append(std::vector<RunRecord>{record});
}

Outcome<void> RunJournal::append(const std::vector<RunRecord>& records) {
    std::vector<QByteArray> payloads;
    for (const RunRecord& record : records)
        payloads.push_back(encodeRunRecord(record));
    const RecordLog::Guard guard(m_log);
    return m_log.append(payloads);
}

} // namespace vigie
