#include "core/providers/process/processprovider.h"

#include "core/base/log.h"

#include <QFileInfo>
#include <QScopeGuard>

#include <algorithm>
#include <csignal>

namespace vigie {

namespace {

tl::unexpected<Failure> notFound(const MachineId& id) {
    return fail({FailureKind::NotFound,
                 QStringLiteral("the machine %1 does not exist").arg(id.value()),
                 404,
                 {},
                 QStringLiteral("machine_not_found"),
                 {}});
}

tl::unexpected<Failure> notOurs(const MachineId& id) {
    return fail(FailureKind::Invalid,
                QStringLiteral("\"%1\" is no id of a machine of the process provider")
                    .arg(id.value().left(100)));
}

void takeBoot(SlotRecord& slot, const WorkerBoot& boot) {
    slot.instanceId = boot.instanceId;
    slot.controlPlaneUrl = boot.controlPlaneUrl;
    slot.modelId = boot.modelId;
    slot.correlationId = boot.correlationId;
}

Machine absent(const MachineId& id) {
    Machine machine;
    machine.id = id;
    machine.state = MachineState::Absent;
    return machine;
}

} // namespace

ProcessProvider::ProcessProvider(Clock& clock, ProcessProviderOptions options)
    : m_clock(clock), m_options(std::move(options)), m_slots(m_options.root),
      m_reaper(clock, std::chrono::seconds(1), [this] { reapChildren(); }) {}

Outcome<std::unique_ptr<ProcessProvider>> ProcessProvider::open(Clock& clock,
                                                                ProcessProviderOptions options) {
    std::unique_ptr<ProcessProvider> provider(new ProcessProvider(clock, std::move(options)));
    if (const auto opened = provider->m_slots.open(); !opened)
        return fail(opened.error());
    return provider;
}

Task<Outcome<Machine>> ProcessProvider::create(CreateMachine request, std::stop_token stop) {
    if (const auto refused = refusal(request))
        co_return fail(*refused);
    if (const auto refused = whyNot())
        co_return fail(*refused);
    // Nothing waits between looking up the tag and taking it: two creates can't both find none.
    const auto known = m_slots.all();
    if (!known)
        co_return fail(known.error());
    const auto same = std::ranges::find_if(
        *known, [&request](const SlotRecord& s) { return s.tags.contains(request.tag); });
    if (same != known->end()) {
        Outcome<Machine> found =
            co_await completeCreate(*same, std::move(request), std::move(stop));
        co_return found;
    }
    SlotRecord slot;
    slot.machine = MachineId(QStringLiteral("m-") + newUuid());
    slot.tags = {request.tag};
    if (!request.clusterTag.isEmpty())
        slot.tags.append(request.clusterTag);
    slot.zone = request.zone;
    slot.instanceType = request.instanceType;
    slot.createdAt = m_clock.wallNow();
    takeBoot(slot, request.boot);
    if (const auto made = m_slots.create(slot, request.boot.bootstrapSecret); !made)
        co_return fail(made.error());
    if (const auto started = startProcess(slot); !started)
        co_return fail(started.error());
    co_return describeNow(slot.machine);
}

std::optional<Failure> ProcessProvider::refusal(const CreateMachine& request) const {
    const auto invalid = [](QString message) {
        return fail(FailureKind::Invalid, std::move(message)).value();
    };
    const auto offered = zones();
    if (std::ranges::find(offered, request.zone, &ProviderZone::zone) == offered.end())
        return invalid(QStringLiteral("there is no zone \"%1\"; the process provider has local-1 "
                                      "and local-2")
                           .arg(request.zone));
    const auto sizes = types();
    if (std::ranges::find(sizes, request.instanceType, &ProviderType::name) == sizes.end())
        return invalid(QStringLiteral("there is no instance type \"%1\"; the process provider has "
                                      "%2")
                           .arg(request.instanceType, sizes.front().name));
    if (request.tag.isEmpty())
        return invalid(QStringLiteral("a machine needs a tag"));
    return {};
}

Task<Outcome<Machine>> ProcessProvider::completeCreate(SlotRecord slot, CreateMachine request,
                                                       std::stop_token stop) {
    const MachineId id = slot.machine;
    const auto process = m_slots.process(id);
    if (!process)
        co_return fail(process.error());
    if (*process)
        co_return describeNow(id);
    // A slot whose start was never recorded is a create that we crashed in. Its worker, if there
    // is one, has a secret that nobody else knows any more.
    if (m_busy.contains(id))
        co_return fail(FailureKind::Overloaded,
                       QStringLiteral("%1 is being created already").arg(id.value()));
    m_busy.insert(id);
    const auto done = qScopeGuard([this, id] { m_busy.remove(id); });
    const Outcome<void> stopped = co_await stopProcess(id, std::move(stop));
    if (!stopped)
        co_return fail(stopped.error());
    if (const auto refused = whyNot())
        co_return fail(*refused);
    if (const auto started = installStopped(std::move(slot), request.boot); !started)
        co_return fail(started.error());
    co_return describeNow(id);
}

Task<Outcome<Machine>> ProcessProvider::describe(MachineId id, CallToken) {
    co_return describeNow(id);
}

Outcome<Machine> ProcessProvider::describeNow(const MachineId& id) {
    if (!MachineSlots::isMachineId(id))
        return notOurs(id);
    const auto there = m_slots.exists(id);
    if (!there)
        return fail(there.error());
    if (!*there) {
        // A machine that was taken away runs nothing any more.
        if (const auto stray = osprocess::findByEnvironment(mark(id)))
            osprocess::send(*stray, SIGKILL);
        return absent(id);
    }
    const auto slot = m_slots.read(id);
    if (!slot)
        return fail(slot.error());
    const auto state = stateOf(*slot);
    if (!state)
        return fail(state.error());
    return toMachine(*slot, *state);
}

Outcome<MachineState> ProcessProvider::stateOf(const SlotRecord& slot) {
    const auto process = runningProcess(slot.machine);
    if (!process)
        return fail(process.error());
    return *process ? MachineState::Running : MachineState::Stopped;
}

Task<Outcome<void>> ProcessProvider::command(MachineCommand command, std::stop_token stop) {
    const MachineId id = command.machine;
    if (!MachineSlots::isMachineId(id))
        co_return notOurs(id);
    if (m_busy.contains(id))
        co_return fail(FailureKind::Overloaded,
                       QStringLiteral("%1 of %2 has to wait for the command before it")
                           .arg(toString(command.kind), id.value()));
    m_busy.insert(id);
    const auto done = qScopeGuard([this, id] { m_busy.remove(id); });
    logInfo(QStringLiteral("providers.process"),
            QStringLiteral("%1 %2").arg(toString(command.kind), id.value()), command.correlationId);
    Outcome<void> result = co_await execute(std::move(command), std::move(stop));
    co_return result;
}

Task<Outcome<void>> ProcessProvider::execute(MachineCommand command, std::stop_token stop) {
    const MachineId id = command.machine;
    if (const auto refused = whyNot())
        co_return fail(*refused);
    if (command.kind == MachineCommandKind::Delete) {
        Outcome<void> removed = co_await remove(id, stop);
        co_return removed;
    }
    if (command.kind == MachineCommandKind::Reinstall && !command.boot)
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("a reinstall needs a new bootstrap secret"));
    const auto there = m_slots.exists(id);
    if (!there)
        co_return fail(there.error());
    if (!*there)
        co_return notFound(id);
    auto slot = m_slots.read(id);
    if (!slot)
        co_return fail(slot.error());
    if (command.kind != MachineCommandKind::Start) {
        const Outcome<void> stopped = co_await stopProcess(id, stop);
        if (!stopped)
            co_return stopped;
    }
    if (command.kind == MachineCommandKind::Stop)
        co_return Outcome<void>();
    if (const auto refused = whyNot()) // the rest is for whoever has taken over
        co_return fail(*refused);
    if (command.kind == MachineCommandKind::Reinstall)
        co_return installStopped(*slot, *command.boot);
    slot->correlationId = command.correlationId;
    co_return startProcess(*slot);
}

Outcome<void> ProcessProvider::installStopped(SlotRecord slot, const WorkerBoot& boot) {
    takeBoot(slot, boot);
    if (const auto reset = m_slots.reset(slot, boot.bootstrapSecret); !reset)
        return reset;
    return startProcess(slot);
}

Task<Outcome<void>> ProcessProvider::remove(MachineId id, std::stop_token stop) {
    const auto there = m_slots.exists(id);
    if (!there)
        co_return fail(there.error());
    if (!*there)
        co_return Outcome<void>();
    const Outcome<void> stopped = co_await stopProcess(id, stop);
    if (!stopped)
        co_return stopped;
    if (const auto refused = whyNot())
        co_return fail(*refused);
    co_return m_slots.remove(id);
}

Outcome<std::optional<ProcessIdentity>> ProcessProvider::runningProcess(const MachineId& id) {
    auto recorded = m_slots.process(id);
    if (!recorded)
        return recorded;
    if (*recorded)
        return osprocess::alive(**recorded) ? *recorded : std::nullopt;
    return osprocess::findByEnvironment(mark(id));
}

Outcome<void> ProcessProvider::startProcess(const SlotRecord& slot) {
    const auto running = runningProcess(slot.machine);
    if (!running)
        return fail(running.error());
    if (*running)
        return m_slots.setProcess(slot.machine, **running);
    if (!QFileInfo(m_options.workerProgram).isExecutable())
        return fail(FailureKind::Invalid,
                    QStringLiteral("providers.process.worker_program is \"%1\", which is no "
                                   "program that can be run")
                        .arg(m_options.workerProgram));
    // No record means: look for it. That is what a crash between the next two steps leaves.
    if (const auto forgotten = m_slots.forgetProcess(slot.machine); !forgotten)
        return forgotten;
    const auto process = osprocess::spawn(spawnRequest(slot));
    if (!process)
        return fail(process.error());
    m_children.push_back(*process);
    return m_slots.setProcess(slot.machine, *process);
}

Task<Outcome<void>> ProcessProvider::stopProcess(MachineId id, std::stop_token stop) {
    const auto running = runningProcess(id);
    if (!running)
        co_return fail(running.error());
    if (!*running)
        co_return Outcome<void>();
    const ProcessIdentity process = **running;
    osprocess::send(process, SIGTERM);
    const MonotonicTime begun = m_clock.now();
    bool killed = false;
    while (osprocess::alive(process)) {
        const Duration waited = m_clock.now() - begun;
        if (!killed && waited >= m_options.stopLimit)
            killed = osprocess::send(process, SIGKILL);
        if (waited >= 3 * m_options.stopLimit)
            co_return fail(FailureKind::Timeout,
                           QStringLiteral("process %1 of %2 does not end, not even by SIGKILL")
                               .arg(process.pid)
                               .arg(id.value()));
        const bool elapsed = co_await sleepFor(m_clock, std::chrono::milliseconds(20), stop);
        if (!elapsed)
            co_return fail(FailureKind::Cancelled,
                           QStringLiteral("stopping %1 was given up").arg(id.value()));
    }
    co_return Outcome<void>();
}

void ProcessProvider::reapChildren() {
    std::erase_if(m_children, [](const ProcessIdentity& p) { return !osprocess::alive(p); });
}

} // namespace vigie
