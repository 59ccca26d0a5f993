#include "tests/core/store/contract/storecontract.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr auto longCommandLease = std::chrono::minutes(5);
constexpr auto shortCommandLease = std::chrono::milliseconds(30);
const std::vector<CommandKind> everyKind(allCommandKinds.begin(), allCommandKinds.end());

QueuedCommand commandOf(CommandKind kind, const InstanceId& id = {}) {
    QueuedCommand command;
    command.kind = kind;
    command.instanceId = id;
    command.correlationId = QStringLiteral("c \"1\"");
    command.askedAt = *fullInstance(1).createdAt;
    return command;
}

ChangeSet asking(std::vector<QueuedCommand> commands) {
    ChangeSet set;
    set.commands = std::move(commands);
    return set;
}

QStringList namesOf(const std::optional<Outcome<std::vector<QueuedCommand>>>& commands) {
    if (!commands || !*commands)
        return {QStringLiteral("(failed)")};
    QStringList names;
    for (const QueuedCommand& each : **commands)
        names.append(each.name());
    names.sort();
    return names;
}

FinopsEvent eventOf(const QString& id, FinopsKind kind, const InstanceId& instance) {
    FinopsEvent event;
    event.id = id;
    event.kind = kind;
    event.at = *fullInstance(1).createdAt;
    event.instanceId = instance;
    event.pool = QStringLiteral("p/\"z\"/m");
    event.status = QStringLiteral("ready");
    event.costPerHour = 1.25;
    event.totalCost = 1e-9;
    return event;
}

} // namespace

void StoreContract::aCommandIsInTheQueueOnce() {
    const InstanceId id(QStringLiteral("i"));
    QVERIFY(
        commit(asking({commandOf(CommandKind::Reconcile), commandOf(CommandKind::Terminate, id)})));
    QueuedCommand later = commandOf(CommandKind::Reconcile);
    later.askedAt += std::chrono::hours(1);
    later.correlationId = QStringLiteral("c2");
    QVERIFY(commit(asking({later})));
    const auto all = await(m_store->commands());
    QCOMPARE(namesOf(all),
             QStringList({QStringLiteral("RECONCILE"), QStringLiteral("TERMINATE/i")}));
    const QueuedCommand& first = (**all)[0];
    QVERIFY(first.kind == CommandKind::Reconcile);
    QVERIFY(first.askedAt == *fullInstance(1).createdAt); // since then it waits
    QCOMPARE(first.correlationId, later.correlationId);
    QCOMPARE(first.generation, 2);
    QVERIFY(!first.taken && first.attempts == 0);
    QVERIFY((**all)[1].instanceId == id);
}

// In the same transaction as what needs it, or not at all.
void StoreContract::aCommandComesWithItsChange() {
    QVERIFY(commit(inserting(1)));
    ChangeSet second = inserting(1); // is there already
    second.commands = {commandOf(CommandKind::Provision, firstId())};
    second.finops = {eventOf(QStringLiteral("e"), FinopsKind::CostStarted, firstId())};
    QVERIFY(!commit(second));
    QCOMPARE(namesOf(await(m_store->commands())), QStringList());
    QVERIFY((*await(m_store->finopsEvents({})))->empty());
}

void StoreContract::aCommandIsTakenByKindAndSettledOnce() {
    QVERIFY(
        commit(asking({commandOf(CommandKind::Reconcile), commandOf(CommandKind::SyncCatalog)})));
    const QStringList sync{QStringLiteral("SYNC_CATALOG")};
    auto taken = await(m_store->takeCommands({CommandKind::SyncCatalog}, 10));
    QCOMPARE(namesOf(taken), sync);
    QVERIFY((**taken)[0].taken);
    // What we have is told again, until it is settled.
    QCOMPARE(namesOf(await(m_store->takeCommands({CommandKind::SyncCatalog}, 10))), sync);
    QVERIFY(await(m_store->settleCommand((**taken)[0], {}))->has_value());
    QVERIFY(await(m_store->settleCommand((**taken)[0], {}))->has_value()); // and again
    QCOMPARE(namesOf(await(m_store->commands())), QStringList{QStringLiteral("RECONCILE")});
}

void StoreContract::aCommandThatFailedWaitsAndCounts() {
    QVERIFY(commit(asking({commandOf(CommandKind::SyncCatalog)})));
    auto taken = await(m_store->takeCommands(everyKind, 10));
    QVERIFY(await(m_store->settleCommand((**taken)[0], std::chrono::milliseconds(60'000)))
                ->has_value());
    QCOMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))), QStringList());
    const auto waiting = await(m_store->commands());
    QVERIFY((**waiting)[0].attempts == 1 && !(**waiting)[0].taken);
    // Who asks again does not wait.
    QVERIFY(commit(asking({commandOf(CommandKind::SyncCatalog)})));
    taken = await(m_store->takeCommands(everyKind, 10));
    QCOMPARE((**taken).size(), std::size_t(1));
    QVERIFY(
        await(m_store->settleCommand((**taken)[0], std::chrono::milliseconds(20)))->has_value());
    QTRY_COMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))),
                 QStringList{QStringLiteral("SYNC_CATALOG")});
}

void StoreContract::aCommandAskedAnewIsDeliveredAnew() {
    QVERIFY(commit(asking({commandOf(CommandKind::Reconcile)})));
    const auto taken = await(m_store->takeCommands(everyKind, 10));
    QVERIFY(commit(asking({commandOf(CommandKind::Reconcile)}))); // while it is carried out
    QVERIFY(await(m_store->settleCommand((**taken)[0], {}))->has_value());
    const auto again = await(m_store->takeCommands(everyKind, 10));
    QCOMPARE(namesOf(again), QStringList{QStringLiteral("RECONCILE")});
    QCOMPARE((**again)[0].generation, 2);
    QVERIFY(await(m_store->settleCommand((**again)[0], {}))->has_value());
    QCOMPARE(namesOf(await(m_store->commands())), QStringList());
}

void StoreContract::aCommandOfADeadOwnerIsDeliveredAgain() {
    QVERIFY(commit(asking({commandOf(CommandKind::Reconcile)})));
    const QStringList name{QStringLiteral("RECONCILE")};
    QVERIFY(await(m_store->join(QStringLiteral("a"), longCommandLease))->has_value());
    QCOMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))), name);
    QVERIFY(await(m_store->renew(shortCommandLease))->has_value()); // and is not renewed any more
    QVERIFY(await(m_store->join(QStringLiteral("b"), longCommandLease))->has_value());
    QTRY_COMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))), name);
    QVERIFY(await(m_store->leave())->has_value()); // gives back what it had
    QVERIFY(await(m_store->join(QStringLiteral("c"), longCommandLease))->has_value());
    QCOMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))), name);
}

void StoreContract::whoseLeaseHasEndedSettlesNothing() {
    QVERIFY(commit(asking({commandOf(CommandKind::Reconcile)})));
    QVERIFY(await(m_store->join(QStringLiteral("a"), longCommandLease))->has_value());
    const auto taken = await(m_store->takeCommands(everyKind, 10));
    QCOMPARE((**taken).size(), std::size_t(1));
    // The same connection under another lease is somebody else: what a took is not b's to end.
    QVERIFY(await(m_store->join(QStringLiteral("b"), longCommandLease))->has_value());
    QCOMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))), QStringList());
    QVERIFY(await(m_store->settleCommand((**taken)[0], {}))->has_value());
    QCOMPARE(namesOf(await(m_store->commands())), QStringList{QStringLiteral("RECONCILE")});
    QVERIFY(await(m_store->renew(shortCommandLease))->has_value());
    const auto lost = [&] {
        const auto refused = await(m_store->settleCommand((**taken)[0], {}));
        return refused && !*refused && isLeaseLost(refused->error());
    };
    QTRY_VERIFY(lost());
}

void StoreContract::commandsSurviveReopening() {
    QVERIFY(commit(asking({commandOf(CommandKind::Provision, firstId())})));
    QCOMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))).size(), 1);
    reopen(); // as after a crash between taking it and its effect
    QCOMPARE(namesOf(await(m_store->takeCommands(everyKind, 10))).size(), 1);
}

void StoreContract::finopsEventsAreReadByTheirNumbers() {
    const InstanceId other(QStringLiteral("other"));
    for (int i = 0; i < 5; ++i) {
        ChangeSet set;
        set.finops = {eventOf(QStringLiteral("e%1").arg(i),
                              i == 4 ? FinopsKind::CostStopped : FinopsKind::CostUpdated,
                              i % 2 ? other : firstId())};
        QVERIFY(commit(set));
    }
    const auto read = [this](FinopsQuery query) {
        const auto got = await(m_store->finopsEvents(std::move(query)));
        return got && *got ? **got : std::vector<FinopsEvent>();
    };
    const auto all = read({});
    QCOMPARE(all.size(), std::size_t(5));
    QVERIFY(std::ranges::is_sorted(all, {}, &FinopsEvent::number));
    QVERIFY(all[4].kind == FinopsKind::CostStopped);
    QVERIFY(all[0].totalCost == 1e-9 && all[0].costPerHour == 1.25);
    QCOMPARE(all[0].pool, QStringLiteral("p/\"z\"/m"));
    QVERIFY(all[0].instanceType.isEmpty() && all[0].at == *fullInstance(1).createdAt);
    QCOMPARE(read({all[2].number, {}, false, 200}).size(), std::size_t(2));
    QCOMPARE(read({0, other, false, 200}).size(), std::size_t(2));
    const auto newest = read({0, {}, true, 2});
    QVERIFY(newest.size() == 2 && newest[0].id == u"e3" && newest[1].id == u"e4");
}

void StoreContract::tokensAreSummedByInstance() {
    const InstanceId other(QStringLiteral("other"));
    const qint64 many = 5'000'000'000;
    for (int i = 0; i < 3; ++i) {
        FinopsEvent used = eventOf(QStringLiteral("t%1").arg(i), FinopsKind::TokensUsed, firstId());
        used.at += std::chrono::minutes(i);
        used.used = TokenCount{1, many, 2};
        used.counter = TokenCount{i + 1, many * (i + 1), 2 * (i + 1)};
        FinopsEvent cost = eventOf(QStringLiteral("c%1").arg(i), FinopsKind::CostUpdated, other);
        ChangeSet set;
        set.finops = {used, cost};
        QVERIFY(commit(set));
    }
    const auto all = await(m_store->tokenTotals({}));
    QVERIFY(all && *all && (*all)->size() == 1);
    const TokenTotals& totals = (**all)[0];
    QCOMPARE(totals.instanceId, firstId());
    QVERIFY(totals.used == (TokenCount{3, 3 * many, 6}));
    QVERIFY(totals.counter == (TokenCount{3, 3 * many, 6}));
    QVERIFY(totals.last - totals.first == std::chrono::minutes(2));
    const auto none = await(m_store->tokenTotals(other));
    QVERIFY(none && *none && (*none)->empty());
    const auto events = await(m_store->finopsEvents({}));
    QVERIFY((**events)[0].used == (TokenCount{1, many, 2}) && !(**events)[1].used);
}

} // namespace vigie
