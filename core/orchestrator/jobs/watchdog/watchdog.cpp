#include "core/orchestrator/jobs/watchdog/watchdog.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/lanes.h"
#include "core/orchestrator/lifecycle.h"
#include "core/orchestrator/ownership.h"
#include "core/orchestrator/stopafter.h"

#include <algorithm>

namespace vigie::jobs::watchdog {

namespace {

const QString category = QStringLiteral("jobs.watch-dog");

/// The terminator confirms its own deletions, and whoever has work in hand asks by itself.
bool isWatched(const InstanceRecord& record) {
    return !isOver(record.instance.status) &&
           record.instance.status != InstanceStatus::Terminating &&
           !record.instance.providerInstanceId.isEmpty() && record.workInHand.isEmpty();
}

void warnUnless(const Outcome<void>& done, const QString& what) {
    if (!done)
        logWarning(category, QStringLiteral("%1: %2").arg(what, done.error().message));
}

} // namespace

WatchDogJob::WatchDogJob(JobContext& context, WatchDogOptions options,
                         const WatchdogSettings& settings)
    : m_context(context), m_options(options), m_settings(settings),
      m_book(context.plane, OrphanKind::Machine, options.limits) {}

Task<Outcome<std::vector<Machine>>> WatchDogJob::list(std::stop_token stop) {
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    Outcome<std::vector<Machine>> listed =
        co_await m_context.provider.machines(m_context.provider.clusterTag(), limit.token());
    if (listed)
        m_context.watcher.providerAnswered = m_context.clock.now();
    co_return listed;
}

Task<JobReport> WatchDogJob::run(std::stop_token stop) {
    JobReport report;
    if (m_context.plane.storeFailure())
        co_return report; // nothing is concluded, and nothing done, while the store is away
    Outcome<void> known = co_await m_book.recall();
    Outcome<std::vector<Machine>> listed = fail(FailureKind::Internal, QString());
    if (known)
        listed = co_await list(stop);
    if (!known || !listed) {
        if (!stop.stop_requested()) {
            ++report.errors;
            const QString why = known ? listed.error().message : known.error().message;
            if (m_context.machines.failure.isEmpty())
                logWarning(category, QStringLiteral("no list of the machines: ") + why);
            m_context.machines.failure = why;
        }
        co_return report; // no list is no evidence: what was counted stays as it was
    }
    m_listed = std::move(*listed);
    m_context.machines.failure.clear();
    int withMachine = 0;
    std::vector<InstanceId> missing = unlisted(withMachine);
    report.claimed = withMachine;
    const QSet<InstanceId> asked(missing.begin(), missing.end());
    m_absent.removeIf([&asked](const auto& entry) { return !asked.contains(entry.key()); });
    const auto work = [this, &report, stop](InstanceId id) {
        return ask(std::move(id), report, stop);
    };
    co_await inLanes<InstanceId>(std::move(missing), m_options.parallel, work, stop);
    if (stop.stop_requested())
        co_return report;
    co_await writeAbsent(withMachine, report);
    co_await tendOrphans(report, stop);
    describe();
    co_return report;
}

std::vector<InstanceId> WatchDogJob::unlisted(int& withMachine) {
    QHash<MachineId, std::size_t> there;
    there.reserve(static_cast<qsizetype>(m_listed.size()));
    for (std::size_t i = 0; i < m_listed.size(); ++i) {
        if (m_listed[i].state != MachineState::Absent)
            there.insert(m_listed[i].id, i);
    }
    m_wanted.assign(m_listed.size(), false);
    std::vector<InstanceId> missing;
    for (const FleetEntry* entry : m_context.plane.entries()) {
        if (!isWatched(entry->record))
            continue;
        ++withMachine;
        const auto found = there.constFind(MachineId(entry->record.instance.providerInstanceId));
        if (found == there.constEnd()) {
            missing.push_back(entry->id());
            continue;
        }
        m_context.plane.noteReconciled(*entry);
        m_wanted[*found] = isTaggedWith(m_listed[*found].tags, entry->id());
    }
    return missing;
}

Task<> WatchDogJob::ask(InstanceId id, JobReport& report, std::stop_token stop) {
    const FleetEntry* entry = m_context.plane.entry(id);
    if (!entry || !isWatched(entry->record))
        co_return;
    const QString machine = entry->record.instance.providerInstanceId;
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    const Outcome<Machine> told =
        co_await m_context.provider.describe(MachineId(machine), limit.token());
    if (!told) {
        ++report.errors; // proves nothing, and takes nothing back
        co_return;
    }
    if (told->state != MachineState::Absent) {
        m_absent.remove(id);
        if (told->state != MachineState::Unknown)
            m_context.plane.noteReconciled(*entry);
        co_return;
    }
    Absence& absence = m_absent[id];
    if (absence.machine != machine)
        absence = {machine, 0};
    ++absence.cycles;
}

Task<> WatchDogJob::writeAbsent(int withMachine, JobReport& report) {
    std::vector<std::pair<InstanceId, QString>> proven;
    for (auto it = m_absent.cbegin(); it != m_absent.cend(); ++it) {
        if (it->cycles >= m_options.absentCycles)
            proven.emplace_back(it.key(), it->machine);
    }
    const WatchdogPolicy& policy = m_settings.policy;
    const auto many = static_cast<int>(m_absent.size());
    if (many >= policy.stormMinimum && many >= policy.stormShare * withMachine) {
        // So does the list of another account look, or of a provider that forgets.
        report.block(QStringLiteral("mass-absence"), static_cast<int>(proven.size()));
        const bool known = !m_context.machines.massAbsence.isEmpty();
        m_context.machines.massAbsence =
            QStringLiteral("the provider calls %1 of %2 machines absent at once: nothing is "
                           "written down until a person looks")
                .arg(many)
                .arg(withMachine);
        if (!known)
            logWarning(category, m_context.machines.massAbsence);
        co_return;
    }
    m_context.machines.massAbsence.clear();
    for (const auto& [id, machine] : proven) {
        const Outcome<void> written = co_await writeOne(id, machine);
        if (written) {
            ++report.processed;
            m_absent.remove(id);
        } else if (written.error().kind != FailureKind::Conflict) {
            ++report.errors;
            logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
        }
    }
}

Task<Outcome<void>> WatchDogJob::writeOne(InstanceId id, QString machine) {
    Asker asker;
    asker.reason = QStringLiteral("machine %1 is in no list and does not exist, asked %2 times")
                       .arg(machine)
                       .arg(m_options.absentCycles);
    ControlPlane::Change change;
    change.cause = TransitionCause::ProviderProvedAbsent;
    change.reason = asker.reason;
    change.refuse = [machine](const InstanceRecord& record) -> std::optional<QString> {
        if (isWatched(record) && record.instance.providerInstanceId == machine)
            return std::nullopt;
        return QStringLiteral("It changed meanwhile.");
    };
    change.edit = [now = m_context.clock.wallNow()](InstanceRecord& r) {
        markDeletedByProvider(r);
        r.instance.lastReconciliation = now;
    };
    change.logStarts = {
        actionLog(actiontype::providerDeletedDetected, ActionLogStatus::Success, asker)};
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        co_return fail(written.error());
    co_return Outcome<void>{};
}

QString WatchDogJob::whyUnwanted(const Machine& machine) const {
    if (machine.state == MachineState::Absent || machine.tags.contains(keepTag))
        return {};
    const InstanceId id = taggedInstance(machine.tags);
    if (id.isEmpty())
        return QStringLiteral("it carries our tag and names no instance");
    const InstanceRecord* owner = m_context.plane.find(id);
    if (!owner)
        return QStringLiteral("the store knows no instance ") + id.value();
    const QString& has = owner->instance.providerInstanceId;
    if (!wantsItsMachine(*owner))
        return QStringLiteral("its instance %1 is %2")
            .arg(id.value(), toString(owner->instance.status));
    if (!has.isEmpty() && has != machine.id.value())
        return QStringLiteral("its instance %1 has the machine %2").arg(id.value(), has);
    return {};
}

Task<> WatchDogJob::tendOrphans(JobReport& report, std::stop_token stop) {
    const StoreAge age(m_context.plane);
    std::vector<Orphan> orphans;
    int newer = 0;
    m_unwanted.clear();
    for (std::size_t i = 0; i < m_listed.size(); ++i) {
        const Machine& machine = m_listed[i];
        const QString why = m_wanted[i] ? QString() : whyUnwanted(machine);
        if (why.isEmpty())
            continue;
        m_unwanted.push_back(&machine);
        Orphan orphan{machine.id.value(), taggedInstance(machine.tags), why};
        orphan.disowned = age.isOlderThan(machine.tags, machine.createdAt);
        newer += orphan.disowned ? 1 : 0;
        orphans.push_back(std::move(orphan));
    }
    const auto whyNot = [this](const QString& resource) {
        const bool listed = std::ranges::any_of(
            m_listed, [&resource](const Machine& each) { return each.id.value() == resource; });
        return listed ? QStringLiteral("it is wanted, or tagged to be kept") : QString();
    };
    const Outcome<int> marked = co_await m_book.look(std::move(orphans), whyNot);
    if (!marked) {
        ++report.errors;
        co_return;
    }
    report.processed += *marked;
    m_blocked.clear();
    for (const Machine* machine : m_unwanted) {
        const auto mark = m_book.mark(machine->id.value());
        if (!mark || !mark->disowned)
            continue;
        m_blocked.insert(mark->resource, ofAnotherTime());
        report.block(guardName(ofAnotherTime()));
    }
    const int ours = static_cast<int>(m_listed.size());
    int left = m_options.limits.mayDelete(ours);
    for (const OrphanMark& mark : m_book.due()) {
        if (stop.stop_requested())
            co_return;
        const InstanceRecord* owner = m_context.plane.find(mark.instance);
        QString guard = whyHandsOff(m_context.automation, owner, m_context.clock.wallNow());
        if (newer > 0)
            guard = QStringLiteral("older-store: %1 machines are newer than all that the store "
                                   "knows")
                        .arg(newer);
        if (guard.isEmpty() && left <= 0)
            guard = QStringLiteral("delete-limit: %1 of %2 machines may go in one cycle")
                        .arg(m_options.limits.mayDelete(ours))
                        .arg(ours);
        if (guard.isEmpty() && isObserved(m_context.automation, owner)) {
            guard = QStringLiteral("mode: observe");
            const Outcome<void> said = co_await m_book.tell(mark.resource);
            report.errors += said ? 0 : 1;
        }
        if (!guard.isEmpty()) {
            m_blocked.insert(mark.resource, guard);
            report.block(guardName(guard));
            continue;
        }
        --left;
        co_await deleteOne(mark, report, stop);
    }
}

Task<> WatchDogJob::deleteOne(OrphanMark mark, JobReport& report, std::stop_token stop) {
    const StopAfter limit(m_context.clock, m_options.callLimit, stop);
    const CallToken token(limit.token(), mark.correlationId);
    // What was listed may be stale; the machine itself says whether it is still nobody's.
    const Outcome<Machine> now =
        co_await m_context.provider.describe(MachineId(mark.resource), token);
    if (!now || now->state == MachineState::Unknown) {
        report.errors += stop.stop_requested() ? 0 : 1;
        co_return;
    }
    if (now->state != MachineState::Absent) {
        if (whyUnwanted(*now).isEmpty())
            co_return; // the next look ends its mark
        MachineCommand command;
        command.kind = MachineCommandKind::Delete;
        command.machine = MachineId(mark.resource);
        command.correlationId = mark.correlationId;
        const Outcome<void> deleted =
            co_await m_context.provider.command(std::move(command), limit.token());
        if (!deleted && stop.stop_requested())
            co_return; // its mark stands; the next start goes on
        if (!deleted && deleted.error().kind != FailureKind::NotFound) {
            ++report.errors;
            const Outcome<void> noted = co_await m_book.failed(mark.resource, deleted.error());
            warnUnless(noted, mark.resource);
            co_return;
        }
        // Accepted is not gone: it stays marked until the provider calls it absent.
        const Outcome<Machine> after =
            co_await m_context.provider.describe(MachineId(mark.resource), token);
        if (!after || after->state != MachineState::Absent)
            co_return;
    }
    Asker asker;
    asker.reason = QStringLiteral("machine %1: %2").arg(mark.resource, mark.why);
    asker.correlationId = mark.correlationId;
    ActionLog row = actionLog(actiontype::providerTerminate, ActionLogStatus::Success, asker);
    row.instanceId = mark.instance;
    Outcome<void> done = co_await m_context.plane.writeLog(std::move(row));
    if (done)
        done = co_await m_book.deleted(mark.resource);
    ++report.processed;
    ++m_context.machines.deleted;
    warnUnless(done, mark.resource);
}

void WatchDogJob::describe() {
    MachineBoard& board = m_context.machines;
    board.orphans.clear();
    for (const Machine* each : m_unwanted) {
        const Machine& machine = *each;
        const QString why = whyUnwanted(machine);
        if (why.isEmpty())
            continue;
        OrphanMachine one;
        one.machine = machine.id;
        one.instance = taggedInstance(machine.tags);
        one.why = why;
        one.blockedBy = m_blocked.value(machine.id.value());
        if (const auto mark = m_book.mark(machine.id.value())) {
            one.markedAt = mark->markedAt;
            one.attempts = mark->attempts;
            one.disowned = mark->disowned;
        }
        board.orphans.push_back(std::move(one));
    }
    board.marked = m_book.marked();
    board.retriesUsedUp = m_book.usedUp();
    board.listedAt = m_context.clock.wallNow();
}

} // namespace vigie::jobs::watchdog
