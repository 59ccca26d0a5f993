#include "core/orchestrator/policydesk.h"

#include "core/base/log.h"
#include "core/model/jsonwriter.h"

#include <QCryptographicHash>

#include <utility>

namespace vigie {

namespace {

const QString policyLog = QStringLiteral("policy");
const QByteArray noChanges = QByteArrayLiteral("{}");

/// Only the keys of the policy, so that settings of tests and of programs are alike.
Settings policyOf(const Settings& configured) {
    auto read = policyWith(noChanges, configured);
    return read ? std::move(*read) : configured;
}

} // namespace

PolicyDesk::PolicyDesk(ControlPlane& plane, const Settings& configured, Apply apply)
    : m_plane(plane), m_configured(configured), m_effective(configured), m_apply(std::move(apply)) {
}

void PolicyDesk::take(Settings effective, QByteArray changes) {
    m_effective = std::move(effective);
    m_changes = std::move(changes);
    m_apply(readWatchdogSettings(m_effective));
}

Outcome<Settings> PolicyDesk::with(const Settings& configured) const {
    return policyWith(m_changes.isEmpty() ? noChanges : m_changes, configured);
}

Outcome<void> PolicyDesk::check(const Settings& configured) const {
    const auto effective = with(configured);
    return effective ? Outcome<void>{} : fail(effective.error());
}

Outcome<void> PolicyDesk::configure(const Settings& configured) {
    auto effective = with(configured);
    if (!effective)
        return fail(effective.error());
    m_configured = policyOf(configured);
    take(std::move(*effective), m_changes);
    return {};
}

Task<Outcome<void>> PolicyDesk::change(QByteArray changes, Asker asker) {
    auto effective = policyWith(changes, m_configured);
    if (!effective)
        co_return fail(effective.error());
    ActionLog row = actionLog(actiontype::policyChanged, ActionLogStatus::InProgress, asker);
    row.createdAt = m_plane.clock().wallNow();
    row.requestPayload = encodePolicyOrder(changes, asker.reason);
    const Outcome<void> written = co_await m_plane.writeLog(row);
    if (!written)
        co_return fail(written.error());
    const auto older = std::exchange(m_order, row);
    take(std::move(*effective), *policyOrderOf(row));
    logInfo(policyLog, QStringLiteral("changed by %1 (%2)").arg(asker.actor, asker.reason),
            asker.correlationId);
    if (older) {
        const Outcome<void> ended = co_await m_plane.finishLog(finished(older->id));
        if (!ended)
            logWarning(policyLog, ended.error().message); // the newer one wins all the same
    }
    co_return Outcome<void>{};
}

Task<Outcome<PolicyEffect>> PolicyDesk::tryOnPast(QByteArray changes) {
    const auto wanted = policyWith(changes, m_configured);
    if (!wanted)
        co_return fail(wanted.error());
    std::vector<ActionLog> rows;
    constexpr int most = 20'000;
    ActionLogQuery query;
    query.limit = 1000;
    for (bool more = true; more && query.offset < most; query.offset += query.limit) {
        const auto page = co_await m_plane.store().actionLogs(query);
        if (!page)
            co_return fail(page.error());
        rows.insert(rows.end(), page->begin(), page->end());
        more = static_cast<int>(page->size()) == query.limit;
    }
    const auto poolOf = [this](const InstanceId& id) {
        const InstanceRecord* record = m_plane.find(id);
        return record ? record->instance.pool : QString();
    };
    co_return effectOnPast(std::move(rows), readWatchdogSettings(m_effective),
                           readWatchdogSettings(*wanted), poolOf);
}

Task<> PolicyDesk::refresh() {
    const auto open = co_await m_plane.store().openActions();
    if (!open)
        co_return;
    const ActionLog* newest = nullptr;
    for (const ActionLog& row : *open) {
        if (policyOrderOf(row))
            newest = &row; // they come oldest first
    }
    if (!newest || (m_order && m_order->id == newest->id))
        co_return;
    QByteArray changes = *policyOrderOf(*newest);
    auto effective = policyWith(changes, m_configured);
    m_order = *newest;
    if (effective)
        take(std::move(*effective), std::move(changes));
    else
        logWarning(policyLog, QStringLiteral("a policy of another version is not taken: ") +
                                  effective.error().message);
}

QByteArray PolicyDesk::json() const {
    JsonWriter json(4096);
    json.beginObject();
    json.key("policy").raw(encodePolicy(m_effective));
    json.key("changes").raw(m_changes.isEmpty() ? noChanges : m_changes);
    json.textOrNull("changed_by", m_order ? m_order->userId : QString());
    json.key("changed_at");
    if (m_order)
        json.value(m_order->createdAt);
    else
        json.null();
    return json.endObject().take();
}

QByteArray PolicyDesk::version() const {
    return '"' +
           QCryptographicHash::hash(encodePolicy(m_effective), QCryptographicHash::Sha256)
               .toHex()
               .left(20) +
           '"';
}

} // namespace vigie
