#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/controlplanestate.h"

#include <utility>

/// What a control plane has to do with others that share its store.
namespace vigie {

namespace {

const QString replicationLog = QStringLiteral("replication");

} // namespace

Task<Outcome<void>> ControlPlane::refresh(std::vector<InstanceId> ids) {
    if (!d->store.shared()) {
        const Outcome<void> all = co_await load();
        co_return all;
    }
    Outcome<FleetContents> contents = co_await d->store.loadSome(std::move(ids));
    if (!contents) {
        d->noteStore(contents.error());
        co_return fail(contents.error());
    }
    d->restored = contents->restored;
    d->memory.merge(std::move(*contents), d->clock.now(), d->replica.leads());
    co_return Outcome<void>{};
}

Task<std::vector<InstanceId>> ControlPlane::claim(std::vector<InstanceId> ids) {
    if (!d->store.shared())
        co_return ids;
    QStringList names;
    for (const InstanceId& id : ids)
        names.append(id.value());
    const QStringList won = co_await d->replica.claim(std::move(names));
    std::vector<InstanceId> ours;
    for (const QString& name : won)
        ours.emplace_back(name);
    if (ours.empty())
        co_return ours;
    // Who held it before us may have written what we have not heard of yet.
    const Outcome<void> read = co_await refresh(ours);
    if (read)
        co_return ours;
    co_await d->replica.giveBack(won);
    co_return std::vector<InstanceId>();
}

Task<> ControlPlane::giveBack(std::vector<InstanceId> ids) {
    QStringList names;
    for (const InstanceId& id : ids)
        names.append(id.value());
    co_await d->replica.giveBack(std::move(names));
}

void ControlPlane::follow() {
    d->store.follow([this, alive = std::weak_ptr<bool>(d->alive)](StoreNews news) {
        if (alive.expired())
            return;
        d->news.everything = d->news.everything || news.everything;
        d->news.logs = d->news.logs || news.logs;
        d->news.tokens = d->news.tokens || news.tokens;
        d->news.instances.insert(d->news.instances.end(), news.instances.begin(),
                                 news.instances.end());
        if (!d->catchingUp && !d->scope.token().stop_requested())
            d->scope.spawn(d->catchUp(*this));
    });
}

Task<> ControlPlane::Private::catchUp(ControlPlane& plane) {
    catchingUp = true;
    while (news.everything || news.logs || news.tokens || !news.instances.empty()) {
        const StoreNews now = std::exchange(news, {});
        Outcome<void> read;
        if (now.everything)
            read = co_await plane.load();
        else if (!now.instances.empty())
            read = co_await plane.refresh(now.instances);
        if (!read)
            break; // everything is read anew once the store answers again
        const auto current = newsListeners;
        for (const auto& weak : current) {
            if (const auto listener = weak.lock())
                (*listener)(now);
        }
    }
    catchingUp = false;
}

ControlPlane::Subscription ControlPlane::onNews(std::function<void(const StoreNews&)> listener) {
    auto kept = std::make_shared<std::function<void(const StoreNews&)>>(std::move(listener));
    std::erase_if(d->newsListeners, [](const auto& one) { return one.expired(); });
    d->newsListeners.push_back(kept);
    return kept;
}

QString ControlPlane::storeId() const {
    return d->storeId;
}

const std::optional<StoreRestored>& ControlPlane::restored() const {
    return d->restored;
}

QString ControlPlane::whyUntouched() const {
    if (!d->restored || !d->restored->held)
        return {};
    const QString from = d->restored->from == WallTime{}
                             ? QStringLiteral("before anything was kept")
                             : toRfc3339(d->restored->from);
    return QStringLiteral("the store was restored from a backup of %1 and knows nothing of what "
                          "was done since; until a person releases it (POST /automation), nothing "
                          "is changed at the provider")
        .arg(from);
}

Replica& ControlPlane::replica() const {
    return d->replica;
}

/// For the other orchestrators' screens; who does not lead says nothing.
Task<> ControlPlane::Private::flushAssessments() {
    std::vector<AssessmentStamp> stamps;
    for (const InstanceId& id : std::exchange(memory.waitingAssessments, {})) {
        if (const FleetMemory::Entry* entry = memory.find(id))
            stamps.push_back({id, entry->live.assessment()});
    }
    if (!store.shared() || !replica.leads() || storeFailure || stamps.empty())
        co_return;
    const Outcome<void> saved = co_await store.saveAssessments(std::move(stamps));
    if (!saved)
        logWarning(replicationLog, saved.error().message);
}

} // namespace vigie
