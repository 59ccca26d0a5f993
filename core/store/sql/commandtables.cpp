#include "core/store/sql/commandtables.h"

#include "core/store/sql/replicatables.h"
#include "core/store/sql/values.h"

#include <algorithm>

namespace vigie::stores::sql {

namespace {

using Access = Connection::Access;

const QString commandColumns =
    QStringLiteral("kind, instance_id, correlation_id, asked_at, generation, attempts, replica");

/// Nothing for a kind of a newer program.
std::optional<QueuedCommand> readCommand(const QSqlQuery& query) {
    RowReader row(query);
    const auto kind = commandKindFromString(row.word());
    if (!kind)
        return std::nullopt;
    QueuedCommand command;
    command.kind = *kind;
    std::optional<qint64> owner;
    row >> command.instanceId >> command.correlationId >> command.askedAt >> command.generation >>
        command.attempts >> owner;
    command.taken = owner.has_value();
    return command;
}

void keep(std::vector<QueuedCommand>& all, const QSqlQuery& query) {
    if (auto command = readCommand(query))
        all.push_back(std::move(*command));
}

} // namespace

Outcome<void> addCommand(Connection& connection, const QueuedCommand& command) {
    const auto added = connection.change(
        QStringLiteral("INSERT INTO commands (name, kind, instance_id, correlation_id, asked_at, "
                       "generation, attempts) VALUES (?, ?, ?, ?, ?, 1, 0) ON CONFLICT (name) DO "
                       "UPDATE SET generation = commands.generation + 1, not_before = NULL, "
                       "correlation_id = excluded.correlation_id"),
        {command.name(), toString(command.kind), toSql(command.instanceId),
         toSql(command.correlationId), toSql(command.askedAt)});
    if (!added)
        return fail(added.error());
    return {};
}

Outcome<std::vector<QueuedCommand>> commands(Connection& connection) {
    std::vector<QueuedCommand> all;
    const auto read = connection.each(
        QStringLiteral("SELECT %1 FROM commands ORDER BY asked_at, name").arg(commandColumns), {},
        [&all](const QSqlQuery& query) { keep(all, query); });
    if (!read)
        return fail(read.error());
    return all;
}

Outcome<std::vector<QueuedCommand>> takeCommands(Connection& connection,
                                                 const std::vector<CommandKind>& kinds, int most) {
    const Dialect& words = connection.dialect();
    QStringList names;
    for (const CommandKind kind : kinds)
        names.append(toString(kind));
    std::vector<QueuedCommand> ours;
    const auto taken = connection.transaction(Access::Write, [&]() -> Outcome<void> {
        ours.clear();
        if (const auto valid = checkLease(connection); !valid)
            return valid;
        if (const auto buried = bury(connection); !buried)
            return buried;
        // What we hold already first, so that nothing of ours is crowded out.
        return connection.each(
            QStringLiteral("UPDATE commands SET replica = ? WHERE name IN (SELECT name FROM "
                           "commands WHERE kind IN (%1) AND (replica = ? OR (replica IS NULL AND "
                           "coalesce(not_before, 0) <= %2)) ORDER BY replica IS NULL, asked_at, "
                           "name LIMIT ? %3) RETURNING %4")
                .arg(words.elements, words.now, words.lockRows, commandColumns),
            {connection.lease(), jsonTexts(names), connection.lease(), std::clamp(most, 1, 1000)},
            [&ours](const QSqlQuery& query) { keep(ours, query); });
    });
    if (!taken)
        return fail(taken.error());
    std::ranges::sort(ours, {}, &QueuedCommand::askedAt);
    return ours;
}

Outcome<void> settleCommand(Connection& connection, const QueuedCommand& command,
                            std::optional<std::chrono::milliseconds> again) {
    return connection.transaction(Access::Write, [&]() -> Outcome<void> {
        if (const auto valid = checkLease(connection); !valid)
            return valid;
        const QVariantList same{command.name(), connection.lease(), command.generation};
        const QString ours = QStringLiteral("WHERE name = ? AND replica = ? AND generation = ?");
        const auto settled =
            again ? connection.change(
                        QStringLiteral("UPDATE commands SET replica = NULL, attempts = attempts + "
                                       "1, not_before = %1 + ? %2")
                            .arg(connection.dialect().now, ours),
                        QVariantList{qint64(again->count())} + same)
                  : connection.change(QStringLiteral("DELETE FROM commands ") + ours, same);
        if (!settled)
            return fail(settled.error());
        if (*settled > 0)
            return {};
        const auto freed = connection.change(
            QStringLiteral("UPDATE commands SET replica = NULL WHERE name = ? AND replica = ?"),
            {command.name(), connection.lease()});
        if (!freed)
            return fail(freed.error());
        return {};
    });
}

} // namespace vigie::stores::sql
