#pragma once

#include "core/store/logcheck.h"
#include "core/store/sql/connection.h"

#include <QHash>

namespace vigie::stores::sql {

/// Goes through the action log's chain page by page, so that no single query takes long, and holds
/// it against the entries. Orchestrators may write meanwhile; it writes nothing.
class LogWalk {
public:
    /// `known`: a mark noted at an earlier check; it must still be there.
    explicit LogWalk(std::optional<LogMark> known) : m_known(std::move(known)) {}

    /// Looks at the next page. A Failure says only that the store could not be read.
    Outcome<void> step(Connection& connection);
    bool done() const { return m_done; }
    const LogCheck& check() const { return m_check; }

private:
    Outcome<void> events(Connection& connection);
    Outcome<void> entries(Connection& connection);
    void begin(const LogMark& anchor);
    void look(const QSqlQuery& row);
    QString linkFault(const QSqlQuery& row, const LogMark& here) const;
    QString entryFault(const QSqlQuery& row);
    QString knownFault(const LogMark& here);
    void arrive(const LogMark& head);
    void breakAt(qint64 number, const QString& why);

    const std::optional<LogMark> m_known;
    LogMark m_last;
    bool m_begun = false;
    bool m_anchorSealed = false;
    bool m_eventsDone = false;
    bool m_done = false;
    qint64 m_row = 0;
    QHash<QString, qint64> m_unsettled; ///< entries whose row tells of a later event than this one
    LogCheck m_check;
};

} // namespace vigie::stores::sql
