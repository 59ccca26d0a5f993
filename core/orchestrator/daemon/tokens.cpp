#include "core/orchestrator/daemon/tokens.h"

#include "core/base/timeformat.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/access.h"
#include "core/orchestrator/daemon/storelocation.h"

#include <QRegularExpression>

namespace vigie::tokens {

namespace {

Outcome<std::unique_ptr<Store>> storeOf(const Settings& settings) {
    const auto location = storeLocation(settings);
    if (!location)
        return fail(location.error());
    return openStoreBeside(location->url);
}

Outcome<std::chrono::seconds> durationFrom(const QString& text) {
    static const QRegularExpression shape(QStringLiteral("^([1-9][0-9]{0,5})([smhd])$"));
    const auto match = shape.match(text);
    if (!match.hasMatch())
        return fail(FailureKind::Invalid,
                    QStringLiteral("--expires-in is \"%1\"; it must be a number up to 999999 with "
                                   "s, m, h or d, such as 12h or 30d")
                        .arg(text.left(40)));
    const int number = match.captured(1).toInt();
    switch (match.captured(2).at(0).unicode()) {
    case u's':
        return std::chrono::seconds(number);
    case u'm':
        return std::chrono::minutes(number);
    case u'h':
        return std::chrono::hours(number);
    default:
        return std::chrono::days(std::min(number, 36500));
    }
}

} // namespace

Task<Outcome<QString>> create(Clock& clock, const Settings& settings, Wish wish) {
    static const QRegularExpression shape(QStringLiteral("^[A-Za-z0-9._@-]{1,64}$"));
    if (!shape.match(wish.name).hasMatch())
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("--name is \"%1\"; it must be 1 to 64 letters, digits and "
                                      ". _ @ -")
                           .arg(wish.name.left(80)));
    const auto role = roleFromString(wish.role);
    if (!role || *role == Role::Worker)
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("--role is \"%1\"; it must be viewer, operator, admin or "
                                      "metrics (workers get theirs when they register)")
                           .arg(wish.role.left(40)));
    std::optional<WallTime> expiresAt;
    if (!wish.expiresIn.isEmpty()) {
        const auto lifetime = durationFrom(wish.expiresIn);
        if (!lifetime)
            co_return fail(lifetime.error());
        expiresAt = clock.wallNow() + *lifetime;
    }
    const auto store = storeOf(settings);
    if (!store)
        co_return fail(store.error());
    AccessControl access(clock, **store);
    Outcome<QString> token = co_await access.addToken(std::move(wish.name), *role, expiresAt);
    co_return token;
}

Task<Outcome<std::vector<AccessToken>>> list(const Settings& settings) {
    const auto store = storeOf(settings);
    if (!store)
        co_return fail(store.error());
    Outcome<std::vector<AccessToken>> all = co_await (*store)->tokens();
    co_return all;
}

Task<Outcome<void>> revoke(const Settings& settings, QString name) {
    const auto store = storeOf(settings);
    if (!store)
        co_return fail(store.error());
    Outcome<void> removed = co_await (*store)->removeToken(std::move(name));
    co_return removed;
}

QString lineOf(const AccessToken& token, WallTime now) {
    const QString until =
        !token.expiresAt ? QStringLiteral("never expires")
        : *token.expiresAt <= now
            ? QStringLiteral("expired ") + toRfc3339(*token.expiresAt)
            : QStringLiteral("expires in ") + humanDuration(*token.expiresAt - now);
    return QStringLiteral("%1  %2  made %3  %4")
        .arg(token.name, -24)
        .arg(token.role, -8)
        .arg(toRfc3339(token.createdAt), until);
}

QByteArray encode(const AccessToken& token) {
    return JsonWriter()
        .beginObject()
        .field("name", token.name)
        .field("role", token.role)
        .field("created_at", token.createdAt)
        .field("expires_at", token.expiresAt)
        .endObject()
        .take();
}

} // namespace vigie::tokens
