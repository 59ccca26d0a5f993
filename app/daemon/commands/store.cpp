#include "app/daemon/commands/command.h"
#include "core/orchestrator/daemon/storekeeping.h"

namespace vigie::commands {

namespace {

Command storeCommand(const char* verb, const char* summary) {
    Command command;
    command.words = {QStringLiteral("store"), QString::fromLatin1(verb)};
    command.summary = QString::fromLatin1(summary);
    command.sections = {QStringLiteral("store")};
    return command;
}

SwitchSpec flag(const char* name, const char* help) {
    return {QString::fromLatin1(name), {}, QString::fromLatin1(help), false, {}};
}

Task<int> migrateStore(Context context) {
    const bool dryRun = context.line.has(QStringLiteral("dry-run"));
    const auto keeper = storekeeping::keeperOf(context.line.settings());
    if (!keeper)
        co_return complain(keeper.error());
    const auto way = (*keeper)->migrate(dryRun);
    if (!way)
        co_return complain(way.error());
    say(storekeeping::tell(*way, dryRun).toUtf8());
    co_return dryRun && !way->steps.empty() ? migrationNeeded : success;
}

Task<int> backUpStore(Context context) {
    const auto keeper = storekeeping::keeperOf(context.line.settings());
    if (!keeper)
        co_return complain(keeper.error());
    const auto made = (*keeper)->backUp(context.line.operand(QStringLiteral("FILE")),
                                        context.line.has(QStringLiteral("force")));
    if (!made)
        co_return complain(made.error());
    say(storekeeping::tell(*made).toUtf8());
    co_return success;
}

Task<int> restoreStore(Context context) {
    const auto keeper = storekeeping::keeperOf(context.line.settings());
    if (!keeper)
        co_return complain(keeper.error());
    const auto restored =
        (*keeper)->restore(context.line.operand(QStringLiteral("FILE")), context.clock.wallNow());
    if (!restored)
        co_return complain(restored.error());
    say(storekeeping::tell(*restored).toUtf8());
    co_return success;
}

} // namespace

Command storeMigrate() {
    Command command = storeCommand("migrate", "Bring the store to this program's schema, which a "
                                              "start of vigied does as well");
    command.switches = {
        flag("dry-run", "Only print the versions and statements; ends with 3 when there are any")};
    command.run = migrateStore;
    return command;
}

Command storeBackup() {
    Command command = storeCommand(
        "backup", "Write a consistent copy of the store, also while vigied runs, and check it");
    command.operands = {
        {QStringLiteral("FILE"), QStringLiteral("Where to; readable by you only"), false, false}};
    command.switches = {flag("force", "Replace FILE if it is there")};
    command.run = backUpStore;
    return command;
}

Command storeRestore() {
    Command command = storeCommand("restore", "Put a backup in the store's place, which is kept; "
                                              "vigied must be stopped");
    command.operands = {
        {QStringLiteral("FILE"), QStringLiteral("What vigied store backup wrote"), false, false}};
    command.run = restoreStore;
    return command;
}

} // namespace vigie::commands
