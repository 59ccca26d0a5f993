#include "core/orchestrator/jobs/provisioning/opencreates.h"

#include "core/base/timeformat.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/orchestrator/jobs/provisioning/createfailure.h"

#include <algorithm>

namespace vigie::jobs::provisioning {

Task<Outcome<std::optional<ActionLogId>>> OpenCreates::open(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || record->bootstrapSecretHash.isEmpty())
        co_return std::optional<ActionLogId>(); // written before a create is sent
    ActionLogQuery query;
    query.instanceId = id;
    query.actionType = QString::fromUtf16(actiontype::providerCreate);
    query.limit = 1;
    const auto rows = co_await m_context.plane.store().actionLogs(std::move(query));
    if (!rows)
        co_return fail(rows.error());
    if (rows->empty() || rows->front().status != ActionLogStatus::InProgress)
        co_return std::optional<ActionLogId>();
    co_return std::optional(rows->front().id);
}

Task<Outcome<Duration>> OpenCreates::mayShowUpFor(InstanceId id) {
    const auto row = co_await open(id);
    if (!row)
        co_return fail(row.error());
    if (!*row) {
        m_since.remove(id);
        co_return Duration::zero();
    }
    const MonotonicTime now = m_context.clock.now();
    auto since = m_since.constFind(id);
    if (since == m_since.constEnd())
        since = m_since.insert(id, now);
    const Duration lag = m_context.provider.listLag();
    const Duration rest = lag - (now - *since);
    if (rest > Duration::zero())
        co_return rest;
    m_since.remove(id);
    const QString message =
        lag > Duration::zero()
            ? QStringLiteral("It was not answered, and no machine has shown up in %1.")
                  .arg(humanDuration(lag))
            : QStringLiteral("It was not answered, and there is no machine.");
    const Outcome<void> ended =
        co_await m_context.plane.finishLog(failed(**row, errorcode::providerCreateFailed, message));
    if (!ended)
        co_return fail(ended.error());
    co_return Duration::zero();
}

Task<Outcome<void>> OpenCreates::made(InstanceId id, MachineId machine) {
    m_since.remove(id);
    const auto row = co_await open(id);
    if (!row)
        co_return fail(row.error());
    if (!*row)
        co_return Outcome<void>{};
    ActionLogFinish end = finished(**row);
    end.errorMessage = QStringLiteral("It was not answered; its machine %1 was found by its tag.")
                           .arg(machine.value());
    Outcome<void> ended = co_await m_context.plane.finishLog(std::move(end));
    co_return ended;
}

bool mayHaveMadeOne(const Failure& failure) {
    return mayHaveHappened(failure) ||
           (failure.kind == FailureKind::ServerError && !isOutOfStock(failure));
}

Failure unsettled(Duration rest, Duration next) {
    return {FailureKind::Conflict,
            QStringLiteral("A machine may have been made that no list of the provider shows yet; "
                           "it is waited for, %1 at most.")
                .arg(humanDuration(rest)),
            0,
            next,
            QStringLiteral("create_unsettled"),
            {}};
}

bool isUnsettled(const Failure& failure) {
    return failure.code == QLatin1String("create_unsettled");
}

} // namespace vigie::jobs::provisioning
