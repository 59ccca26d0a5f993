#include "tests/core/store/contract/storecontract.h"

namespace vigie {

void StoreContract::tokensAreKeptByName() {
    const WallTime at = *fullInstance(1).createdAt;
    const AccessToken token{QStringLiteral("ada"), QStringLiteral("admin"),
                            QStringLiteral("$argon2id$x"), at, at};
    QVERIFY(await(m_store->addToken(token))->has_value());
    const auto again = await(m_store->addToken(token));
    QVERIFY(!*again && again->error().kind == FailureKind::Conflict);
    const auto all = await(m_store->tokens());
    QCOMPARE((**all).size(), std::size_t(1));
    QVERIFY((**all)[0].hash == token.hash && (**all)[0].expiresAt == at);
    reopen();
    const auto kept = await(m_store->tokens());
    QVERIFY(kept && *kept && (*kept)->size() == 1 && (**kept)[0].name == token.name);
}

void StoreContract::aRemovedTokenIsGone() {
    AccessToken token;
    token.role = QStringLiteral("viewer");
    token.hash = QStringLiteral("h");
    for (const char* name : {"ada", "bob"}) {
        token.name = QLatin1String(name);
        QVERIFY(await(m_store->addToken(token))->has_value());
    }
    QVERIFY(await(m_store->removeToken(QStringLiteral("ada")))->has_value());
    const auto again = await(m_store->removeToken(QStringLiteral("ada")));
    QVERIFY(!*again && again->error().kind == FailureKind::NotFound);
    QVERIFY(again->error().message.contains(QLatin1String("ada")));
    reopen();
    const auto left = await(m_store->tokens());
    QVERIFY(left && *left && (*left)->size() == 1 && (**left)[0].name == QLatin1String("bob"));
}

void StoreContract::anAnswerIsRememberedOnce() {
    const WallTime at = *fullInstance(1).createdAt;
    const QByteArray key("key\0with nul", 12);
    QVERIFY(!(**await(m_store->recallAnswer(key))).has_value());
    const AccessStore::RememberedAnswer first{202, QByteArray("\xff\x00\x01", 3), "{}", at};
    const AccessStore::RememberedAnswer second{500, "other", "", at};
    QCOMPARE((**await(m_store->rememberAnswer(key, first))).status, 202);
    const auto kept = **await(m_store->rememberAnswer(key, second));
    QCOMPARE(kept.status, 202);
    QCOMPARE(kept.requestDigest, first.requestDigest);
    QVERIFY(kept.at == at && kept.body == "{}");
    auto tomorrow = second;
    tomorrow.at = at + std::chrono::hours(25);
    QCOMPARE((**await(m_store->rememberAnswer(key, tomorrow))).status, 500); // 24 h are over
}

void StoreContract::ofManyAnswersToOneKeyAllGetTheFirst() {
    TaskScope scope;
    QList<int> got;
    const auto one = [](Store& store, int status, QList<int>& statuses) -> Task<> {
        AccessStore::RememberedAnswer answer;
        answer.status = status;
        answer.at = *fullInstance(1).createdAt;
        const auto kept = co_await store.rememberAnswer("key", answer);
        if (kept)
            statuses.append(kept->status);
    };
    for (int i = 0; i < 20; ++i)
        scope.spawn(one(*m_store, 200 + i, got));
    QTRY_VERIFY(scope.idle());
    QCOMPARE(got, QList<int>(20, got.value(0)));
}

} // namespace vigie
