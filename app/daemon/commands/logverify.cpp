#include "app/daemon/commands/command.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/daemon/storelocation.h"
#include "core/store/store.h"

#include <QRegularExpression>

namespace vigie::commands {

namespace {

QString told(const LogMark& mark) {
    return QStringLiteral("%1:%2").arg(mark.number).arg(mark.hash);
}

Outcome<std::optional<LogMark>> markFrom(const QString& text) {
    static const QRegularExpression shape(QStringLiteral("^([0-9]{1,18}):([0-9a-f]{64})$"));
    if (text.isEmpty())
        return std::optional<LogMark>();
    const auto match = shape.match(text);
    if (!match.hasMatch())
        return fail(FailureKind::Invalid,
                    QStringLiteral("--known is \"%1\"; it must be a head that log verify printed, "
                                   "the number of an event, a colon and 64 hexadecimal digits")
                        .arg(text.left(100)));
    return std::optional(LogMark{match.captured(1).toLongLong(), match.captured(2)});
}

QByteArray jsonOf(const LogCheck& check) {
    JsonWriter json;
    json.beginObject();
    json.field("whole", check.broken.isEmpty());
    json.field("events", check.events);
    json.field("entries", check.entries);
    json.field("anchor", told(check.anchor));
    json.field("head", told(check.head));
    json.field("known_checked", check.knownChecked);
    if (!check.broken.isEmpty())
        json.field("broken_at", check.brokenAt).field("broken", check.broken);
    return json.endObject().take();
}

QByteArray lineOf(const LogCheck& check, const std::optional<LogMark>& known) {
    QString line = QStringLiteral("the action log is whole: %1 events, %2 entries, head %3")
                       .arg(check.events)
                       .arg(check.entries)
                       .arg(told(check.head));
    if (check.anchor.number > 0)
        line += QStringLiteral("; it begins after the anchor %1, up to which retention removed "
                               "its events")
                    .arg(told(check.anchor));
    if (known && !check.knownChecked)
        line += QStringLiteral("; the known event %1 is older than the anchor and could not be "
                               "checked")
                    .arg(known->number);
    return line.toUtf8();
}

Task<int> verifyLog(Context context) {
    const auto known = markFrom(context.line.value(QStringLiteral("known")));
    if (!known)
        co_return complain(known.error());
    const auto location = storeLocation(context.line.settings());
    if (!location)
        co_return complain(location.error());
    const auto store = openStoreToRead(location->url);
    if (!store)
        co_return complain(store.error());
    const auto check = co_await (*store)->verifyLog(*known);
    if (!check)
        co_return complain(check.error());
    const bool whole = check->broken.isEmpty();
    if (context.line.has(QStringLiteral("json")))
        say(jsonOf(*check) + '\n');
    else if (whole)
        say(lineOf(*check, *known) + '\n');
    if (whole)
        co_return success;
    Failure broken;
    broken.kind = FailureKind::Storage;
    broken.message = QStringLiteral("the action log is broken at event %1: %2")
                         .arg(check->brokenAt)
                         .arg(check->broken);
    co_return complain(broken);
}

} // namespace

Command logVerify() {
    Command command;
    command.words = {QStringLiteral("log"), QStringLiteral("verify")};
    command.summary = QStringLiteral("Check that nobody changed the action log: exit code 0 when "
                                     "it is whole, 1 with the first broken event when not");
    command.sections = {QStringLiteral("store")};
    command.switches = {{QStringLiteral("known"),
                         QStringLiteral("N:HASH"),
                         QStringLiteral("A head printed earlier, which must still be there"),
                         false,
                         {}},
                        {QStringLiteral("json"),
                         {},
                         QStringLiteral("Print the result as one JSON object"),
                         false,
                         {}}};
    command.run = verifyLog;
    return command;
}

} // namespace vigie::commands
