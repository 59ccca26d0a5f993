#include "core/orchestrator/daemon/addtoken.h"

#include "core/orchestrator/api/access.h"
#include "core/orchestrator/daemon/storelocation.h"

#include <QRegularExpression>

namespace vigie {

Task<Outcome<QString>> addToken(Clock& clock, const Settings& settings, QString wish) {
    static const QRegularExpression shape(QStringLiteral("^([A-Za-z0-9._@-]{1,64}):([a-z]+)$"));
    const auto match = shape.match(wish);
    const auto role = roleFromString(match.captured(2));
    if (!role || *role == Role::Worker) {
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("--add-token is \"%1\"; it must be NAME:ROLE with a name of "
                                      "letters, digits and . _ @ - and one of the roles viewer, "
                                      "operator, admin, metrics")
                           .arg(wish.left(80)));
    }
    const auto location = storeLocation(settings);
    if (!location)
        co_return fail(location.error());
    auto store = openStore(location->url);
    if (!store)
        co_return fail(store.error());
    AccessControl access(clock, **store);
    QString name = match.captured(1);
    Outcome<QString> token = co_await access.addToken(std::move(name), *role);
    co_return token;
}

} // namespace vigie
