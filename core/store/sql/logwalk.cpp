#include "core/store/sql/logwalk.h"

#include "core/store/sql/logchain.h"
#include "core/store/sql/values.h"

#include <algorithm>

namespace vigie::stores::sql {

namespace {

constexpr int pageSize = 2000;
constexpr int rowColumns = 5; // of the event; those of its entry come behind

} // namespace

void LogWalk::breakAt(qint64 number, const QString& why) {
    if (!m_check.broken.isEmpty())
        return;
    m_check.brokenAt = number;
    m_check.broken = why;
    m_done = true;
}

Outcome<void> LogWalk::step(Connection& connection) {
    return connection.transaction(Connection::Access::Read, [&] {
        return m_eventsDone ? entries(connection) : events(connection);
    });
}

void LogWalk::begin(const LogMark& anchor) {
    m_begun = true;
    m_last = anchor;
    m_unsettled.clear();
    if (const QString fault = knownFault(anchor); !fault.isEmpty())
        breakAt(anchor.number, fault);
}

Outcome<void> LogWalk::events(Connection& connection) {
    const auto head = readLogHead(connection, false);
    if (!head)
        return fail(head.error());
    const LogMark& anchor = head->anchor;
    if (!m_begun || anchor.number != m_check.anchor.number)
        m_anchorSealed = anchor.number == 0; // the seal of a new anchor is further on
    m_check.anchor = anchor;
    // Retention may overtake us: then what comes after its anchor is what there is.
    if (!m_begun || anchor.number > m_last.number)
        begin(anchor);
    int rows = 0;
    const auto read = connection.each(
        QStringLiteral("SELECT e.number, e.action_id, e.at, e.words, e.hash, %1 "
                       "FROM action_events e LEFT JOIN action_logs a ON a.id = e.action_id "
                       "WHERE e.number > ? ORDER BY e.number LIMIT %2")
            .arg(eventColumns(QStringLiteral("a.")))
            .arg(pageSize),
        {m_last.number}, [&](const QSqlQuery& row) {
            ++rows;
            if (m_check.broken.isEmpty())
                look(row);
        });
    if (!read)
        return read;
    if (m_check.broken.isEmpty() && rows < pageSize)
        arrive(head->head);
    return {};
}

void LogWalk::look(const QSqlQuery& row) {
    const LogMark here{row.value(0).toLongLong(), row.value(4).toString()};
    QString fault = linkFault(row, here);
    if (fault.isEmpty())
        fault = entryFault(row);
    if (fault.isEmpty())
        fault = knownFault(here);
    if (!fault.isEmpty())
        return breakAt(m_last.number + 1, fault);
    ++m_check.events;
    m_last = here;
}

QString LogWalk::linkFault(const QSqlQuery& row, const LogMark& here) const {
    const qint64 number = m_last.number + 1;
    if (here.number != number)
        return QStringLiteral("event %1 is missing; %2 comes next").arg(number).arg(here.number);
    const QString expected =
        linkHash(m_last.hash, number, row.value(2).toLongLong(), row.value(3).toString());
    if (expected == here.hash)
        return {};
    const QString id = row.value(1).toString();
    return QStringLiteral("event %1 of entry %2 is not what was written, or an event before it was "
                          "slipped in: its hash should be %3 and is %4")
        .arg(number)
        .arg(id.isEmpty() ? QStringLiteral("(none)") : id, expected, here.hash);
}

/// Holds the event against its row of `action_logs`, which may tell of a later event already.
QString LogWalk::entryFault(const QSqlQuery& row) {
    const qint64 number = m_last.number + 1;
    const QString id = row.value(1).toString();
    const QString words = row.value(3).toString();
    const auto kind = kindOf(words);
    if (!kind || (*kind == LogEventKind::Sealed) != id.isEmpty())
        return QStringLiteral("event %1 is of no kind that this program knows").arg(number);
    if (*kind == LogEventKind::Sealed) {
        m_anchorSealed = m_anchorSealed || words == sealedEvent(m_check.anchor, 0).words;
        return {};
    }
    if (row.value(rowColumns).isNull())
        return QStringLiteral("entry %1, of which event %2 tells, is missing").arg(id).arg(number);
    const bool same = logEventOf(*kind, row, rowColumns).words == words;
    const bool mayChange = *kind != LogEventKind::Finish; // an end is the last that is told
    if (!same && !(mayChange && words.startsWith(fixedWords(*kind, row, rowColumns))))
        return QStringLiteral("entry %1 says something else than its event %2; expected %3")
            .arg(id)
            .arg(number)
            .arg(words);
    if (same)
        m_unsettled.remove(id);
    else
        m_unsettled.insert(id, number);
    return {};
}

QString LogWalk::knownFault(const LogMark& here) {
    if (!m_known || m_known->number != here.number)
        return {};
    m_check.knownChecked = m_known->hash == here.hash;
    if (m_check.knownChecked)
        return {};
    return QStringLiteral("event %1 has the hash %2, but %3 was known of it; the log was written "
                          "anew")
        .arg(here.number)
        .arg(here.hash, m_known->hash);
}

void LogWalk::arrive(const LogMark& head) {
    m_eventsDone = true;
    m_check.head = head;
    const qint64 next = m_last.number + 1;
    if (m_last.number < head.number)
        return breakAt(next, QStringLiteral("event %1 is missing and the log ends there; its head "
                                            "names event %2 as the last")
                                 .arg(next)
                                 .arg(head.number));
    if (m_last.number != head.number || m_last.hash != head.hash)
        return breakAt(m_last.number, QStringLiteral("event %1 is the last, with the hash %2; the "
                                                     "head names event %3 with %4")
                                          .arg(m_last.number)
                                          .arg(m_last.hash)
                                          .arg(head.number)
                                          .arg(head.hash));
    if (!m_anchorSealed)
        return breakAt(m_check.anchor.number,
                       QStringLiteral("the events up to %1 are missing, and no event says that "
                                      "retention removed them")
                           .arg(m_check.anchor.number));
    const auto first = std::ranges::min_element(m_unsettled);
    if (first != m_unsettled.end())
        return breakAt(*first, QStringLiteral("entry %1 says something else than event %2, the "
                                              "last that tells of it")
                                   .arg(m_unsettled.key(*first))
                                   .arg(*first));
    if (m_known && m_known->number > head.number)
        breakAt(next, QStringLiteral("event %1 is missing; it was there when the log was checked "
                                     "before, which then had %2")
                          .arg(next)
                          .arg(m_known->number));
}

Outcome<void> LogWalk::entries(Connection& connection) {
    qint64 end = m_row;
    int rows = 0;
    const auto page = connection.each(
        QStringLiteral("SELECT seq FROM action_logs WHERE seq > ? ORDER BY seq LIMIT %1")
            .arg(pageSize),
        {m_row}, [&](const QSqlQuery& row) {
            end = row.value(0).toLongLong();
            ++rows;
        });
    if (!page)
        return page;
    const auto stray = connection.single(
        QStringLiteral("SELECT a.id FROM action_logs a WHERE a.seq > ? AND a.seq <= ? AND NOT "
                       "EXISTS (SELECT 1 FROM action_events e WHERE e.action_id = a.id) "
                       "ORDER BY a.seq LIMIT 1"),
        {m_row, end});
    if (!stray)
        return fail(stray.error());
    m_row = end;
    m_check.entries += rows;
    m_done = rows < pageSize;
    if (!stray->isNull())
        breakAt(
            m_check.head.number + 1,
            QStringLiteral("entry %1 was slipped in: no event tells of it").arg(stray->toString()));
    return {};
}

} // namespace vigie::stores::sql
