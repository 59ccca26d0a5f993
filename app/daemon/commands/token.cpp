#include "app/daemon/commands/command.h"
#include "core/orchestrator/daemon/tokens.h"

namespace vigie::commands {

namespace {

Command tokenCommand(const char* verb, const char* summary) {
    Command command;
    command.words = {QStringLiteral("token"), QString::fromLatin1(verb)};
    command.summary = QString::fromLatin1(summary);
    command.sections = {QStringLiteral("store")};
    return command;
}

SwitchSpec valued(const char* name, const char* value, const char* help) {
    return {QString::fromLatin1(name),
            QString::fromLatin1(value),
            QString::fromLatin1(help),
            false,
            {}};
}

Task<int> createToken(Context context) {
    tokens::Wish wish{context.line.value(QStringLiteral("name")),
                      context.line.value(QStringLiteral("role")),
                      context.line.value(QStringLiteral("expires-in"))};
    const auto token =
        co_await tokens::create(context.clock, context.line.settings(), std::move(wish));
    if (!token)
        co_return complain(token.error());
    say(token->toUtf8() + '\n');
    co_return success;
}

Task<int> listTokens(Context context) {
    const auto all = co_await tokens::list(context.line.settings());
    if (!all)
        co_return complain(all.error());
    const bool json = context.line.has(QStringLiteral("json"));
    for (const AccessToken& token : *all) {
        const QByteArray line =
            json ? tokens::encode(token) : tokens::lineOf(token, context.clock.wallNow()).toUtf8();
        say(line + '\n');
    }
    co_return success;
}

Task<int> revokeToken(Context context) {
    const QStringList names = context.line.operands(QStringLiteral("NAME"));
    for (const QString& name : names) {
        const auto revoked = co_await tokens::revoke(context.line.settings(), name);
        if (!revoked)
            co_return complain(revoked.error());
    }
    co_return success;
}

} // namespace

Command tokenCreate() {
    Command command = tokenCommand(
        "create", "Make an API token and print it once; the store keeps only its hash");
    command.switches = {
        valued("role", "R", "What it may do: viewer, operator, admin or metrics"),
        valued("name", "N", "Whose it is, for the action log: letters, digits and . _ @ -"),
        valued("expires-in", "D", "How long it is good, such as 90s, 15m, 12h or 30d; else ever"),
    };
    command.run = createToken;
    return command;
}

Command tokenList() {
    Command command = tokenCommand("list", "List the API tokens; what they are is known to nobody");
    command.switches = {valued("json", "", "Print one JSON object a line")};
    command.run = listTokens;
    return command;
}

Command tokenRevoke() {
    Command command = tokenCommand(
        "revoke", "Take API tokens back; a running vigied refuses them within two seconds");
    command.operands = {
        {QStringLiteral("NAME"), QStringLiteral("Tokens, as token list shows them"), false, true}};
    command.run = revokeToken;
    return command;
}

} // namespace vigie::commands
