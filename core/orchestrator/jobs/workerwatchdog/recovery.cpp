#include "core/orchestrator/jobs/workerwatchdog/recovery.h"

#include "core/base/log.h"
#include "core/model/holding.h"
#include "core/orchestrator/actionlogs.h"
#include "core/watchdog/remedypast.h"

#include <algorithm>

namespace vigie::jobs::workerwatchdog {

namespace {

constexpr int rowsRead = 500; // of one instance: far more than the guards look back
constexpr Duration beforeStateLimit = std::chrono::minutes(1); // the hold time and some ticks
const QString recoveryLog = QStringLiteral("jobs.worker-watchdog");

QString zoneOf(const QString& pool) {
    return pool.section(u'/', 0, 1);
}

bool recovering(const InstanceRecord& record) {
    return isRemedy(record.workInHand) ||
           (isStarting(record.instance.status) && record.recoveryBegunAt);
}

} // namespace

bool Recovery::mayBeDue(const Case& one) const {
    const InstanceRecord& record = one.entry->record;
    if (isRemedy(record.workInHand))
        return false; // what is being done has not ended
    if (record.drainAsked)
        return false; // on its way out: it is not brought back
    if (!one.said.blockedBy.isEmpty())
        return false; // its provider denies it, and is not believed
    if (record.instance.status == InstanceStatus::WorkerDead)
        return one.said.verdict() == Verdict::Dead;
    if (one.said.watcher.storm)
        return false; // nor could it be heard if the last rung had helped
    // The last rung did not help: nothing was heard since, or not for long, nor does its model
    // serve.
    const bool unheard = !one.entry->live.lastBeat && record.workerId.isEmpty();
    return one.said.instance.probe != ProbeFinding::Ok && isStarting(record.instance.status) &&
           recovering(record) && record.workInHand.isEmpty() &&
           (unheard || one.said.rule() == u"starting-silent");
}

bool Recovery::isDue(const Case& one, const RemedyPast& past) {
    const InstanceRecord& record = one.entry->record;
    if (record.instance.status == InstanceStatus::WorkerDead)
        return true;
    if (past.tries.empty())
        return false; // a person's remedy: theirs to go on with
    const RemedyTry& last = past.tries.back();
    // The next rung comes before the limit of the state ends the whole start-up.
    const Duration limit = std::min(m_settings.stepLimit(last.step),
                                    m_settings.limitOf(record.instance.status) - beforeStateLimit);
    return last.skipped || last.failed || sinceBegin(record) > limit;
}

/// Counted on the monotonic clock; the wall clock only says what passed before a restart.
Duration Recovery::sinceBegin(const InstanceRecord& record) {
    const MonotonicTime now = m_context.clock.now();
    const WallTime wallNow = m_context.clock.wallNow();
    Begun& begun = m_begun[record.instance.id];
    if (begun.at != record.recoveryBegunAt)
        begun = {record.recoveryBegunAt, now,
                 std::max(Duration(wallNow - record.recoveryBegunAt.value_or(wallNow)),
                          Duration::zero())};
    return begun.before + (now - begun.seen);
}

Task<Outcome<void>> Recovery::recall(InstanceId id) {
    const qint64 version = m_context.plane.find(id)->version;
    const auto known = m_memory.constFind(id);
    if (known != m_memory.constEnd() && known->version == version)
        co_return Outcome<void>{};
    ActionLogQuery query;
    query.instanceId = id;
    query.limit = rowsRead;
    const auto rows = co_await m_context.plane.store().actionLogs(std::move(query));
    if (!rows)
        co_return fail(rows.error());
    m_memory.insert(
        id, {version, remedyPast(*rows, m_context.automation.policy(), m_context.clock.wallNow())});
    co_return Outcome<void>{};
}

GuardedInstance Recovery::describe(const Case& one, quint64 tick) {
    const InstanceRecord& record = one.entry->record;
    GuardedInstance made;
    made.id = one.judged.id;
    made.pool = record.instance.pool;
    made.healthy = one.said.verdict() == Verdict::Alive;
    made.since = m_context.clock.now();
    const auto memory = mayBeDue(one) ? m_memory.constFind(made.id) : m_memory.constEnd();
    made.due = memory != m_memory.constEnd() && isDue(one, memory->past);
    made.inRecovery = recovering(record) && !made.due;
    if (!made.due) {
        if (!m_standing.isEmpty())
            m_standing.remove(made.id);
        return made; // the rest is asked of those only for whom a remedy is due
    }
    made.zone = zoneOf(made.pool);
    made.held = record.instance.held;
    made.workInHand = record.workInHand;
    made.rule = one.said.rule().toString();
    auto standing = m_standing.find(made.id);
    if (standing == m_standing.end() || standing->incarnation != record.instance.incarnation ||
        standing->recoveryBegunAt != record.recoveryBegunAt)
        standing = m_standing.insert(
            made.id, {record.recoveryBegunAt, record.instance.incarnation, tick, made.since});
    made.verdictTicks = static_cast<int>(tick - standing->tick);
    made.since = standing->at;
    made.past = memory->past;
    made.announced = made.past.told;
    made.further = isStarting(record.instance.status);
    made.witnessed = made.further || made.rule == u"silent-probe-failing" ||
                     made.rule == u"silent-machine-stopped";
    if (made.further)
        made.rule = QStringLiteral("unheard-after-recovery");
    for (const RemedyTry& tried : made.past.tries) {
        if (tried.skipped)
            m_context.automation.noteUnsupported(made.pool, tried.step);
    }
    return made;
}

/// How the recoveries of the last ticks ended; for the breakers of the zones.
void Recovery::noteEnds() {
    for (auto running = m_running.begin(); running != m_running.end();) {
        const InstanceRecord* record = m_context.plane.find(running.key());
        if (record && recovering(*record)) {
            ++running;
            continue;
        }
        const InstanceStatus status = record ? record->instance.status : InstanceStatus::Terminated;
        // Another one serves in the place of an instance that was replaced.
        const bool replaced =
            record && status == InstanceStatus::Terminating && m_replacing.contains(running.key());
        if (status == InstanceStatus::Ready || status == InstanceStatus::WorkerDead ||
            status == InstanceStatus::StartupFailed || replaced)
            m_context.automation.noteEnd(*running, status == InstanceStatus::Ready || replaced);
        m_replacing.remove(running.key());
        running = m_running.erase(running);
    }
}

void Recovery::forget(const std::vector<Case>& cases) {
    QSet<InstanceId> open;
    for (const Case& one : cases) {
        if (mayBeDue(one))
            open.insert(one.judged.id);
    }
    const auto closed = [&open](const auto& entry) { return !open.contains(entry.key()); };
    m_memory.removeIf(closed);
    m_begun.removeIf(closed);
    m_standing.removeIf(closed);
}

Task<Recovery::Result> Recovery::tend(std::vector<Case> cases, quint64 tick) {
    Result result;
    noteEnds();
    forget(cases);
    std::vector<GuardedInstance> guarded;
    guarded.reserve(cases.size());
    for (Case& one : cases) {
        if (mayBeDue(one)) {
            const InstanceId id = one.judged.id;
            const Outcome<void> recalled = co_await recall(id);
            if (!recalled) {
                ++result.errors;
                m_memory.remove(id);
                one.said.blockedBy =
                    QStringLiteral("store: what was tried before can't be read: ") +
                    recalled.error().message;
            }
        }
        guarded.push_back(describe(one, tick));
    }
    const RemediationPlan plan = m_context.automation.plan(guarded);

    const auto caseOf = [&cases](const InstanceId& id) -> Case& {
        return *std::ranges::find(cases, id, [](const Case& one) { return one.judged.id; });
    };
    for (const BlockedStep& one : plan.blocked) {
        ++result.blocked[one.guard];
        caseOf(one.instance).said.blockedBy = one.guard + QStringLiteral(": ") + one.says;
    }
    for (const PlannedStep& step : plan.wouldHaveDone) {
        const Outcome<void> told = co_await tell(caseOf(step.instance), step);
        result.errors += told ? 0 : 1;
    }
    for (const PlannedStep& step : plan.steps) {
        const Outcome<void> begun = co_await begin(caseOf(step.instance), step);
        if (!begun) {
            caseOf(step.instance).said.blockedBy =
                QStringLiteral("not begun: ") + begun.error().message;
            logWarning(recoveryLog,
                       QStringLiteral("%1: %2").arg(step.instance.value(), begun.error().message));
        }
        result.errors += begun ? 0 : 1;
    }
    result.cases = std::move(cases);
    co_return result;
}

Task<Outcome<void>> Recovery::begin(Case one, PlannedStep step) {
    Reinstaller::Request request;
    request.byPerson = false;
    request.step = step.step;
    request.asker.reason = step.says;
    request.asker.correlationId = one.entry->record.instance.correlationId; // see writeVerdict()
    request.assessment = one.said.assessment();
    ControlPlane& plane = m_context.plane;
    Judged judged = one.judged;
    // The verdict was written since it was judged.
    if (one.entry->status() == InstanceStatus::WorkerDead)
        judged.status = InstanceStatus::WorkerDead;
    request.refuse = [&plane, judged](const InstanceRecord& record) -> std::optional<QString> {
        if (isHeld(record.instance.held, plane.clock().wallNow()))
            return QStringLiteral("A person holds the instance.");
        return whyOutdated(plane, judged, record);
    };
    const InstanceId id = judged.id;
    const Outcome<InstanceRecord> begun =
        co_await m_context.reinstaller.begin(id, std::move(request));
    if (!begun)
        co_return fail(begun.error());
    if (m_running.contains(id))
        m_context.automation.noteEnd(step.zone, false); // the last rung did not help
    m_running.insert(id, step.zone);
    if (step.step == RemedyStep::Replace)
        m_replacing.insert(id);
    m_context.automation.noteStart(step);
    co_return Outcome<void>{};
}

Task<Outcome<void>> Recovery::tell(Case one, PlannedStep step) {
    Asker asker;
    asker.reason = QStringLiteral("would have done: ") + step.says;
    ActionMetadata metadata;
    metadata.mode = toString(AutomationMode::Observe);
    metadata.assessment = one.said.assessment();
    ActionLog row =
        actionLog(actiontype::wouldHaveDone, ActionLogStatus::Success, asker, std::move(metadata));
    row.instanceId = step.instance;
    Outcome<void> written = co_await m_context.plane.writeLog(std::move(row));
    if (written) {
        m_memory[step.instance].past.told = true;
        m_context.automation.noteStart(step);
    }
    co_return written;
}

} // namespace vigie::jobs::workerwatchdog
