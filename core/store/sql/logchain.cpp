#include "core/store/sql/logchain.h"

#include "core/model/jsonwriter.h"
#include "core/store/sql/values.h"

#include <QCryptographicHash>

#include <algorithm>
#include <bit>
#include <span>

namespace vigie::stores::sql {

namespace {

struct Column {
    const char* name;
    bool number = false;
};

/// What stays as it was begun, and after it what the end changes.
constexpr Column chained[] = {{"id"},
                              {"action_type"},
                              {"component"},
                              {"instance_id"},
                              {"user_id"},
                              {"request_payload"},
                              {"source_ip"},
                              {"created_at", true},
                              {"parent_log_id"},
                              {"metadata"},
                              {"correlation_id"},
                              {"instance_status_before"},
                              {"status"},
                              {"error_code"},
                              {"error_message"},
                              {"response_payload"},
                              {"duration_ms", true},
                              {"completed_at", true},
                              {"instance_status_after"}};
constexpr int fixedChained = 12;
constexpr int allChained = static_cast<int>(std::size(chained));
constexpr int createdAt = 7, completedAt = 17;

constexpr struct {
    LogEventKind kind;
    const char* word;
} kinds[] = {{LogEventKind::Start, "start"},
             {LogEventKind::Finish, "finish"},
             {LogEventKind::Carry, "carry"},
             {LogEventKind::Sealed, "sealed"}};

QString wordOf(LogEventKind kind) {
    const auto found = std::ranges::find(kinds, kind, [](const auto& each) { return each.kind; });
    return QString::fromLatin1(found->word);
}

const QString& beginning() {
    static const QString zeros(64, u'0');
    return zeros;
}

constexpr std::size_t mostAtOnce = 64; // rows of a statement

/// In statements of many rows: each is a round trip. Their sizes are powers of two, so that few
/// statements are prepared.
Outcome<void> insertEvents(Connection& connection, std::span<const QVariantList> rows) {
    while (!rows.empty()) {
        const std::size_t count = std::bit_floor(std::min(rows.size(), mostAtOnce));
        const QString row = QStringLiteral("(?, ?, ?, ?, ?)");
        const QString more = QStringLiteral(", ") + row;
        QVariantList values;
        for (const QVariantList& each : rows.first(count))
            values += each;
        const auto added = connection.change(
            QStringLiteral("INSERT INTO action_events (number, action_id, at, words, hash) "
                           "VALUES ") +
                row + more.repeated(static_cast<qsizetype>(count) - 1),
            values);
        if (!added)
            return fail(added.error());
        rows = rows.subspan(count);
    }
    return {};
}

void put(JsonWriter& json, int column, const QVariant& value) {
    json.key(chained[column].name);
    if (value.isNull())
        json.null();
    else if (chained[column].number)
        json.value(value.toLongLong());
    else
        json.value(value.toString());
}

} // namespace

QString eventColumns(const QString& table) {
    QStringList names;
    for (const Column& column : chained)
        names.append(table + QLatin1String(column.name));
    return names.join(QLatin1String(", "));
}

QString fixedWords(LogEventKind kind, const QSqlQuery& row, int first) {
    JsonWriter json(512);
    json.beginObject();
    json.field("event", wordOf(kind));
    for (int column = 0; column < fixedChained; ++column)
        put(json, column, row.value(first + column));
    json.key("state");
    return QString::fromUtf8(json.take());
}

LogEvent logEventOf(LogEventKind kind, const QSqlQuery& row, int first) {
    JsonWriter state(512);
    state.beginObject();
    for (int column = fixedChained; column < allChained; ++column)
        put(state, column, row.value(first + column));
    state.endObject();
    const int time = kind == LogEventKind::Finish ? completedAt : createdAt;
    return {row.value(first).toString(), row.value(first + time).toLongLong(),
            fixedWords(kind, row, first) + QString::fromUtf8(state.take()) + u'}'};
}

LogEvent sealedEvent(const LogMark& upTo, qint64 at) {
    JsonWriter json;
    json.beginObject();
    json.field("event", wordOf(LogEventKind::Sealed));
    json.field("number", upTo.number);
    json.field("hash", upTo.hash);
    json.endObject();
    return {{}, at, QString::fromUtf8(json.take())};
}

std::optional<LogEventKind> kindOf(const QString& words) {
    for (const auto& each : kinds) {
        if (words.startsWith(QStringLiteral("{\"event\":\"%1\"").arg(QLatin1String(each.word))))
            return each.kind;
    }
    return std::nullopt;
}

QString linkHash(const QString& before, qint64 number, qint64 at, const QString& words) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(before.toLatin1());
    hash.addData('\n' + QByteArray::number(number) + '\n' + QByteArray::number(at) + '\n');
    hash.addData(words.toUtf8());
    return QString::fromLatin1(hash.result().toHex());
}

Outcome<LogHead> readLogHead(Connection& connection, bool lock) {
    LogHead head;
    bool there = false;
    QString sql = QStringLiteral("SELECT anchor_number, anchor_hash, number, hash "
                                 "FROM action_log_head ");
    if (lock)
        sql += connection.dialect().lockRow;
    const auto read = connection.each(sql, {}, [&](const QSqlQuery& row) {
        there = true;
        RowReader(row) >> head.anchor.number >> head.anchor.hash >> head.head.number >>
            head.head.hash;
    });
    if (!read)
        return fail(read.error());
    if (!there)
        return fail(FailureKind::Storage,
                    QStringLiteral("The action log's chain has lost its head (table "
                                   "action_log_head is empty); restore the store from a backup."));
    return head;
}

Outcome<void> appendLogEvents(Connection& connection, const std::vector<LogEvent>& events) {
    if (events.empty())
        return {};
    const auto head = readLogHead(connection, true);
    if (!head)
        return fail(head.error());
    LogMark last = head->head;
    std::vector<QVariantList> rows;
    rows.reserve(events.size());
    for (const LogEvent& event : events) {
        last.hash = linkHash(last.hash, ++last.number, event.at, event.words);
        rows.push_back({last.number, toSql(event.actionId), event.at, event.words, last.hash});
    }
    if (auto inserted = insertEvents(connection, rows); !inserted)
        return inserted;
    const auto moved =
        connection.change(QStringLiteral("UPDATE action_log_head SET number = ?, hash = ?"),
                          {last.number, last.hash});
    if (!moved)
        return fail(moved.error());
    return {};
}

Outcome<void> beginLogChain(Connection& connection) {
    const auto made = connection.change(
        QStringLiteral("INSERT INTO action_log_head (id, anchor_number, anchor_hash, number, hash) "
                       "VALUES (1, 0, ?, 0, ?)"),
        {beginning(), beginning()});
    if (!made)
        return fail(made.error());
    for (qint64 after = 0;;) {
        std::vector<LogEvent> carried;
        const auto read = connection.each(
            QStringLiteral("SELECT seq, %1 FROM action_logs WHERE seq > ? ORDER BY seq LIMIT 1000")
                .arg(eventColumns()),
            {after}, [&](const QSqlQuery& row) {
                after = row.value(0).toLongLong();
                carried.push_back(logEventOf(LogEventKind::Carry, row, 1));
            });
        if (!read)
            return read;
        if (carried.empty())
            return {};
        if (const auto appended = appendLogEvents(connection, carried); !appended)
            return appended;
    }
}

} // namespace vigie::stores::sql
