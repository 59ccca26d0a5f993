#include "core/orchestrator/api/access.h"

#include "core/base/log.h"
#include "core/orchestrator/secrets.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace vigie {

namespace {

const QString category = QStringLiteral("access");

// The file is 0600 before the first byte is in it.
Outcome<void> writeSecretFile(const QString& path, const QString& secret) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) ||
        !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
        file.write(secret.toLatin1() + '\n') < 0 || !file.commit()) {
        return fail(FailureKind::Storage,
                    QStringLiteral("the admin token can't be written to %1: %2; make its folder "
                                   "writable or set [access] token_file")
                        .arg(path, file.errorString()));
    }
    return {};
}

QByteArray readSecretFile(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(4096).trimmed() : QByteArray();
}

} // namespace

QByteArray bearerOf(const ServerRequest& request) {
    const QByteArray header = request.header("Authorization").trimmed();
    const qsizetype blank = header.indexOf(' ');
    if (blank < 0 || header.left(blank).toLower() != "bearer")
        return {};
    return header.mid(blank + 1).trimmed();
}

Task<Outcome<void>> AccessControl::read() {
    auto tokens = co_await m_store.tokens();
    if (!tokens)
        co_return fail(tokens.error());
    m_tokens = std::move(*tokens);
    co_return Outcome<void>();
}

void AccessControl::follow() {
    constexpr Duration interval = std::chrono::seconds(1);
    m_ticker = std::make_unique<Ticker>(m_clock, interval, [this] {
        if (!m_reading)
            m_scope.spawn(readAgain());
    });
}

Task<> AccessControl::readAgain() {
    m_reading = true;
    co_await read(); // the control plane tells when the store is away
    m_reading = false;
}

std::optional<Caller> AccessControl::callerOf(const QByteArray& token) const {
    if (token.isEmpty())
        return std::nullopt;
    const QString plain = QString::fromUtf8(token);
    for (const AccessToken& known : m_tokens) {
        if (!secretMatches(plain, known.hash))
            continue;
        const auto role = roleFromString(known.role);
        if (!role || (known.expiresAt && *known.expiresAt <= m_clock.wallNow()))
            return std::nullopt;
        return Caller{known.name, *role};
    }
    return std::nullopt;
}

Task<Outcome<QString>> AccessControl::addToken(QString name, Role role,
                                               std::optional<WallTime> expiresAt) {
    const auto known = co_await read();
    if (!known)
        co_return fail(known.error());
    const auto sameName = [&](const AccessToken& token) { return token.name == name; };
    if (std::ranges::any_of(m_tokens, sameName)) {
        co_return fail(
            FailureKind::Conflict,
            QStringLiteral("there is a token named %1 already; choose another name").arg(name));
    }
    const Secret secret = newSecret();
    AccessToken token{name, toString(role), secret.hash, m_clock.wallNow(), expiresAt};
    const auto added = co_await m_store.addToken(token);
    if (!added)
        co_return fail(added.error());
    m_tokens.push_back(std::move(token));
    co_return secret.plain;
}

Task<Outcome<QString>> AccessControl::open(QString tokenFile) {
    const auto known = co_await read();
    if (!known)
        co_return fail(known.error());
    if (!m_tokens.empty()) {
        if (callerOf(readSecretFile(tokenFile)))
            co_return tokenFile;
        if (m_tokens.size() == 1) {
            logWarning(category, QStringLiteral("the file %1 holds no good token any more; "
                                                "`vigied token create` makes a new one")
                                     .arg(tokenFile));
        }
        co_return QString();
    }
    // The file first: a token that is known but was never handed to anybody would lock us out.
    const Secret secret = newSecret();
    if (auto written = writeSecretFile(tokenFile, secret.plain); !written)
        co_return fail(std::move(written.error()));
    AccessToken token{
        QStringLiteral("admin"), toString(Role::Admin), secret.hash, m_clock.wallNow(), {}};
    const auto added = co_await m_store.addToken(token);
    if (!added && added.error().kind == FailureKind::Conflict) {
        // Another orchestrator made it at the same moment; its file holds the one that is good.
        const auto theirs = co_await read();
        if (!theirs)
            co_return fail(theirs.error());
        co_return callerOf(readSecretFile(tokenFile)) ? tokenFile : QString();
    }
    if (!added)
        co_return fail(added.error());
    m_tokens.push_back(std::move(token));
    logInfo(category,
            QStringLiteral("no token was defined: an admin token is in %1").arg(tokenFile));
    co_return tokenFile;
}

} // namespace vigie
