#include "core/store/backend.h"

#include <QRegularExpression>
#include <QStringList>

namespace vigie {

namespace {

QString withoutPassword(QString url) {
    static const QRegularExpression secret(QStringLiteral("^([a-z][a-z0-9+.-]*://[^/]*:)[^/]*@"));
    return url.replace(secret, QStringLiteral("\\1...@"));
}

using Open = Outcome<std::unique_ptr<Store>>(const StoreBackend& backend, const QString& address);

Outcome<std::unique_ptr<Store>> openWith(const QString& url, Open* open) {
    const qsizetype colon = url.indexOf(u':');
    const QString scheme = colon < 0 ? QString() : url.left(colon);
    QStringList examples;
    for (const StoreBackend& backend : stores::registry()) {
        if (backend.scheme == scheme)
            return open(backend, url.mid(colon + 1));
        examples.append(backend.example);
    }
    return fail(FailureKind::Storage,
                QStringLiteral("The store \"%1\" is of no kind that this build knows; write it "
                               "like %2.")
                    .arg(withoutPassword(url), examples.join(QLatin1String(" or "))));
}

} // namespace

Outcome<std::unique_ptr<Store>> openStore(const QString& url) {
    return openWith(url, [](const StoreBackend& backend, const QString& address) {
        return backend.open(address);
    });
}

Outcome<std::unique_ptr<Store>> openStoreBeside(const QString& url) {
    return openWith(url, [](const StoreBackend& backend, const QString& address) {
        return backend.openBeside ? backend.openBeside(address) : backend.open(address);
    });
}

} // namespace vigie
