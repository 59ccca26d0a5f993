#include "core/calls/profiles.h"
#include "core/store/backend.h"
#include "core/store/openstore.h"

#include <QRegularExpression>
#include <QStringList>

namespace vigie {

namespace {

QString withoutPassword(QString url) {
    static const QRegularExpression secret(QStringLiteral("^([a-z][a-z0-9+.-]*://[^/]*:)[^/]*@"));
    return url.replace(secret, QStringLiteral("\\1...@"));
}

template <typename Made>
using Open =
    std::function<Outcome<std::unique_ptr<Made>>(const StoreBackend&, const QString& address)>;

template <typename Made>
Outcome<std::unique_ptr<Made>> openWith(const QString& url, const Open<Made>& open) {
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

StoreCalls builtInStoreCalls() {
    StoreCalls calls;
    calls.profile = *builtInProfiles().find("store");
    return calls;
}

Outcome<std::unique_ptr<Store>> openStore(const QString& url) {
    return openStore(url, builtInStoreCalls());
}

Outcome<std::unique_ptr<Store>> openStore(const QString& url, const StoreCalls& calls) {
    return openWith<Store>(url, [&calls](const StoreBackend& backend, const QString& address) {
        return backend.open(address, calls);
    });
}

Outcome<std::unique_ptr<Store>> openStoreToRead(const QString& url) {
    return openWith<Store>(url, [](const StoreBackend& backend, const QString& address) {
        return backend.openToRead(address);
    });
}

Outcome<std::unique_ptr<Store>> openStoreBeside(const QString& url) {
    return openWith<Store>(url, [](const StoreBackend& backend, const QString& address) {
        return backend.openBeside ? backend.openBeside(address)
                                  : backend.open(address, builtInStoreCalls());
    });
}

Outcome<std::unique_ptr<StoreUpkeep>> storeUpkeep(const QString& url) {
    return openWith<StoreUpkeep>(url, [](const StoreBackend& backend, const QString& address) {
        return backend.upkeep(address);
    });
}

Task<Outcome<void>> FleetStore::saveAssessments(std::vector<AssessmentStamp> /*stamps*/) {
    co_return Outcome<void>{};
}

Task<Outcome<LogCheck>> AuditStore::verifyLog(std::optional<LogMark> /*known*/) {
    co_return fail(FailureKind::Unsupported,
                   QStringLiteral("This store keeps no chain of the action log."));
}

Task<Outcome<FleetContents>> ReplicaStore::loadSome(std::vector<InstanceId> /*ids*/) {
    co_return FleetContents{}; // nobody else writes
}

Task<Outcome<qint64>> ReplicaStore::join(QString /*name*/, std::chrono::milliseconds /*lease*/) {
    co_return qint64(1);
}

Task<Outcome<void>> ReplicaStore::renew(std::chrono::milliseconds /*lease*/) {
    co_return Outcome<void>{};
}

Task<Outcome<QStringList>> ReplicaStore::claim(QStringList names) {
    co_return names;
}

Task<Outcome<void>> ReplicaStore::unclaim(QStringList /*names*/) {
    co_return Outcome<void>{};
}

Task<Outcome<void>> ReplicaStore::leave() {
    co_return Outcome<void>{};
}

Task<Outcome<QString>> ReplicaStore::holder(QString /*name*/) {
    co_return QString();
}

Task<Outcome<std::vector<QueuedCommand>>> CommandStore::commands() {
    co_return std::vector<QueuedCommand>{};
}

Task<Outcome<std::vector<QueuedCommand>>>
CommandStore::takeCommands(std::vector<CommandKind> /*kinds*/, int /*most*/) {
    co_return std::vector<QueuedCommand>{};
}

Task<Outcome<void>>
CommandStore::settleCommand(QueuedCommand /*command*/,
                            std::optional<std::chrono::milliseconds> /*again*/) {
    co_return Outcome<void>{};
}

Task<Outcome<std::vector<FinopsEvent>>> FinopsStore::finopsEvents(FinopsQuery /*query*/) {
    co_return std::vector<FinopsEvent>{};
}

Task<Outcome<std::vector<TokenTotals>>> FinopsStore::tokenTotals(InstanceId /*id*/) {
    co_return std::vector<TokenTotals>{};
}

Task<Outcome<void>> SampleStore::saveSamples(std::vector<StoredSample> /*samples*/) {
    co_return Outcome<void>{};
}

Task<Outcome<std::vector<StoredSample>>> SampleStore::samples(SampleQuery /*query*/) {
    co_return std::vector<StoredSample>{};
}

Task<Outcome<int>> SampleStore::removeSamples(WallTime /*before*/, int /*most*/) {
    co_return 0;
}

Task<Outcome<std::vector<TableRows>>> RetentionStore::removeOld(RetentionCut /*cut*/) {
    co_return std::vector<TableRows>{};
}

Task<Outcome<StoreSize>> RetentionStore::size() {
    co_return StoreSize{};
}

bool isLeaseLost(const Failure& failure) {
    return failure.code == u"lease_lost";
}

} // namespace vigie
