#include "core/tasks/deadletters/deadletterqueue.h"

#include "core/base/log.h"
#include "core/config/nearestname.h"
#include "core/tasks/durable/durablefile.h"

#include <QDir>

#include <algorithm>

namespace vigie {

namespace {

const QString queueCategory = QStringLiteral("tasks.dead-letters");
constexpr qint64 compactFrom = 256; ///< records; a shorter log is not worth rewriting

} // namespace

Outcome<DeadLetterQueue> DeadLetterQueue::open(Clock& clock, const QString& folder,
                                               DeadLetterOptions options) {
    if (auto made = makePrivateFolder(folder); !made)
        return fail(made.error());
    auto log = RecordLog::open(QDir(folder).filePath(QStringLiteral("dead-letters.log")));
    if (!log)
        return fail(log.error());
    DeadLetterQueue queue(clock, std::move(*log), options);
    {
        const RecordLog::Guard guard(queue.m_log);
        if (auto read = queue.catchUp(); !read)
            return fail(read.error());
    }
    return queue;
}

void DeadLetterQueue::apply(const DeadLetterEvent& event) {
    ++m_records;
    if (const auto* letter = std::get_if<DeadLetter>(&event)) {
        const auto there = m_letters.find(letter->id);
        const quint64 order = there == m_letters.end() ? m_next++ : there->second.first;
        m_letters.insert_or_assign(letter->id, std::pair(order, *letter));
        m_nextExpiry = std::min(m_nextExpiry, letter->expiresAt);
    } else {
        m_letters.erase(std::get<DeadLetterGone>(event).id);
    }
}

// What this process or others wrote since it last looked. Called under the log's guard.
Outcome<void> DeadLetterQueue::catchUp() {
    const auto take = [this](QByteArrayView payload) {
        const auto event = decodeDeadLetterEvent(payload.toByteArray());
        if (event)
            apply(*event);
        else
            logWarning(queueCategory, event.error().message);
    };
    const auto restart = [this] {
        m_letters.clear();
        m_nextExpiry = WallTime::max();
        m_records = 0;
    };
    const auto damage = m_log.read(take, restart);
    if (!damage)
        return fail(damage.error());
    if (damage->places > 0)
        logError(queueCategory,
                 QStringLiteral("%1 is damaged in %2 places, %3 bytes: letters may be lost")
                     .arg(m_log.path())
                     .arg(damage->places)
                     .arg(damage->bytes));
    if (damage->torn)
        logWarning(queueCategory,
                   QStringLiteral("%1: the last record was not written whole and is dropped")
                       .arg(m_log.path()));
    return {};
}

std::vector<DeadLetterEvent> DeadLetterQueue::expired() {
    std::vector<DeadLetterEvent> events;
    const WallTime now = m_clock.wallNow();
    if (now < m_nextExpiry)
        return events; // an append must not cost a look at every letter
    m_nextExpiry = WallTime::max();
    for (const auto& [id, entry] : m_letters) {
        if (entry.second.expiresAt <= now)
            events.emplace_back(DeadLetterGone{id, QStringLiteral("expired")});
        else
            m_nextExpiry = std::min(m_nextExpiry, entry.second.expiresAt);
    }
    return events;
}

Outcome<void> DeadLetterQueue::write(const std::vector<DeadLetterEvent>& events) {
    std::vector<QByteArray> records;
    for (const DeadLetterEvent& event : events)
        records.push_back(encodeDeadLetterEvent(event));
    if (auto appended = m_log.append(records); !appended)
        return appended;
    for (const DeadLetterEvent& event : events)
        apply(event);
    return compactIfWorthIt();
}

Outcome<void> DeadLetterQueue::compactIfWorthIt() {
    if (m_records < compactFrom || m_records < 2 * static_cast<qint64>(m_letters.size()))
        return {};
    std::vector<const std::pair<quint64, DeadLetter>*> alive;
    for (const auto& [id, entry] : m_letters)
        alive.push_back(&entry);
    std::ranges::sort(alive, {}, [](const auto* entry) { return entry->first; });
    std::vector<QByteArray> records;
    for (const auto* entry : alive)
        records.push_back(encodeDeadLetterEvent(entry->second));
    // What was asked for is durable already; a disk too full for a second copy is no failure of it.
    if (const auto rewritten = m_log.rewrite(records); !rewritten)
        logWarning(queueCategory, rewritten.error().message);
    else
        m_records = static_cast<qint64>(records.size());
    return {};
}

Outcome<void> DeadLetterQueue::add(DeadLetter letter) {
    const RecordLog::Guard guard(m_log);
    if (auto read = catchUp(); !read)
        return read;
    const WallTime now = m_clock.wallNow();
    if (letter.diedAt == WallTime())
        letter.diedAt = now;
    if (letter.lastTriedAt == WallTime())
        letter.lastTriedAt = now;
    if (letter.expiresAt == WallTime())
        letter.expiresAt = letter.diedAt + std::chrono::duration_cast<std::chrono::milliseconds>(
                                               m_options.timeToLive);
    std::vector<DeadLetterEvent> events = expired();
    const qsizetype staying = static_cast<qsizetype>(m_letters.size() - events.size());
    if (staying >= m_options.maxLetters && !m_letters.contains(letter.id)) {
        const auto oldest = std::ranges::min_element(
            m_letters, {}, [](const auto& entry) { return entry.second.first; });
        logWarning(queueCategory,
                   QStringLiteral("the queue is full (%1 letters): the oldest, %2, is pushed out")
                       .arg(m_options.maxLetters)
                       .arg(oldest->first));
        events.emplace_back(DeadLetterGone{oldest->first, QStringLiteral("pushed out")});
        ++m_pushedOut;
    }
    events.emplace_back(std::move(letter));
    return write(events);
}

Outcome<std::vector<DeadLetter>> DeadLetterQueue::letters() {
    const RecordLog::Guard guard(m_log);
    if (auto read = catchUp(); !read)
        return fail(read.error());
    const WallTime now = m_clock.wallNow();
    std::map<quint64, DeadLetter> ordered;
    for (const auto& [id, entry] : m_letters) {
        if (entry.second.expiresAt > now)
            ordered.emplace(entry.first, entry.second);
    }
    std::vector<DeadLetter> list;
    for (auto& [order, letter] : ordered)
        list.push_back(std::move(letter));
    return list;
}

Failure DeadLetterQueue::unknown(const QString& id) const {
    QStringList known;
    for (const auto& [each, entry] : m_letters)
        known.append(each);
    const QString nearest = nearestName(id, known);
    return {FailureKind::NotFound,
            QStringLiteral("there is no dead letter \"%1\"%2")
                .arg(id.left(100), nearest.isEmpty()
                                       ? QStringLiteral("; vigied dlq list shows all")
                                       : QStringLiteral("; did you mean \"%1\"?").arg(nearest)),
            0,
            {},
            {},
            {}};
}

Outcome<DeadLetter> DeadLetterQueue::find(const QString& id) {
    const RecordLog::Guard guard(m_log);
    if (auto read = catchUp(); !read)
        return fail(read.error());
    const auto found = m_letters.find(id);
    if (found == m_letters.end() || found->second.second.expiresAt <= m_clock.wallNow())
        return fail(unknown(id));
    return found->second.second;
}

Outcome<DeadLetter> DeadLetterQueue::edit(const QString& id,
                                          const std::function<void(DeadLetter&)>& change) {
    const RecordLog::Guard guard(m_log);
    if (auto read = catchUp(); !read)
        return fail(read.error());
    const auto found = m_letters.find(id);
    if (found == m_letters.end())
        return fail(unknown(id));
    DeadLetter letter = found->second.second;
    change(letter);
    letter.id = id;
    letter.tries = 0;
    if (auto written = write({letter}); !written)
        return fail(written.error());
    return letter;
}

Outcome<void> DeadLetterQueue::drop(const QString& id, const QString& why) {
    const RecordLog::Guard guard(m_log);
    if (auto read = catchUp(); !read)
        return read;
    if (!m_letters.contains(id))
        return fail(unknown(id));
    return write({DeadLetterGone{id, why}});
}

Outcome<DeadLetter> DeadLetterQueue::failedAgain(const QString& id, int attempts,
                                                 ErrorClass errorClass, const QString& message) {
    const RecordLog::Guard guard(m_log);
    if (auto read = catchUp(); !read)
        return fail(read.error());
    const auto found = m_letters.find(id);
    if (found == m_letters.end())
        return fail(unknown(id));
    DeadLetter letter = found->second.second;
    letter.tries += 1;
    letter.attempts += attempts;
    letter.errorClass = errorClass;
    letter.message = message;
    letter.lastTriedAt = m_clock.wallNow();
    if (auto written = write({letter}); !written)
        return fail(written.error());
    return letter;
}

} // namespace vigie
