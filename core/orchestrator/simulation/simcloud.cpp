#include "core/orchestrator/simulation/simcloud.h"

#include "core/base/timeformat.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

const QString instanceTag = QStringLiteral("vigie-instance:");
const QString clusterTag = QStringLiteral("vigie-cluster:default");
const QString keepTag = QStringLiteral("vigie-keep");

constexpr int bootGb = 20;
constexpr int dataGb = 100;
constexpr double eurPerGbHour = 0.0001; // about what clouds ask for block storage
constexpr double shareOfFailedDeletions = 0.1;
constexpr Duration shortestDeletion = std::chrono::seconds(5);
constexpr Duration longestDeletion = std::chrono::seconds(60);

} // namespace

SimCloud::SimCloud(SimWorld& world, Clock& clock) : m_world(world), m_clock(clock) {
    for (SimMachine& machine : m_world.machines())
        begin(machine, clusterTag);
    // Nobody may ever touch these, however long they lie about.
    addDisk(nullptr, QStringLiteral("somebody else's"), dataGb, {});
    addDisk(nullptr, QStringLiteral("another fleet's"), dataGb,
            {QStringLiteral("vigie-cluster:another")});
    addDisk(nullptr, QStringLiteral("kept"), dataGb, {clusterTag, keepTag});
}

void SimCloud::begin(SimMachine& machine, const QString& cluster) {
    machine.tags = {instanceTag + machine.instance.value(), cluster};
    machine.createdAt = m_clock.wallNow();
    addDisk(&machine, QStringLiteral("boot"), bootGb, {cluster});
    addDisk(&machine, QStringLiteral("data"), dataGb, {cluster});
}

void SimCloud::addDisk(const SimMachine* machine, const QString& name, int sizeGb,
                       QStringList tags) {
    Disk disk;
    disk.told.id = QStringLiteral("v-%1").arg(m_disks.size());
    disk.told.name = name;
    disk.told.type = QStringLiteral("block");
    disk.told.sizeGb = sizeGb;
    disk.told.boot = name == QLatin1String("boot");
    disk.told.tags = std::move(tags);
    disk.told.createdAt = m_clock.wallNow();
    disk.madeAt = m_clock.now();
    if (machine) {
        disk.told.attachedTo = machine->id;
        m_disksOf[machine->id].push_back(m_disks.size());
    }
    m_diskPlaces.insert(disk.told.id, m_disks.size());
    m_disks.push_back(std::move(disk));
}

void SimCloud::live() {
    if (m_deleting.empty())
        return;
    std::erase_if(m_deleting, [this](std::size_t place) {
        SimMachine& machine = m_world.machines()[place];
        if (*machine.deletionEnds > m_clock.now())
            return false;
        end(machine);
        return true;
    });
}

/// The boot volume goes with its machine; all others stay, free.
void SimCloud::end(SimMachine& machine) {
    machine.gone = true;
    for (const std::size_t place : m_disksOf.value(machine.id)) {
        Disk& disk = m_disks[place];
        disk.told.attachedTo = {};
        disk.freeSince = m_clock.now();
        if (disk.told.boot)
            disk.deletedAt = disk.freeSince;
    }
}

Machine SimCloud::tell(const SimMachine& machine) const {
    Machine told;
    told.id = machine.id;
    told.state = machine.gone      ? MachineState::Absent
                 : machine.running ? MachineState::Running
                                   : MachineState::Stopped;
    told.address = QStringLiteral("127.0.0.1");
    told.tags = machine.tags;
    told.createdAt = machine.createdAt;
    const auto disks = m_disksOf.constFind(machine.id);
    if (disks == m_disksOf.constEnd())
        return told;
    told.volumes.reserve(disks->size());
    for (const std::size_t place : *disks) {
        if (!m_disks[place].deletedAt && m_disks[place].told.attachedTo == machine.id)
            told.volumes.push_back(m_disks[place].told);
    }
    return told;
}

Outcome<Machine> SimCloud::create(const CreateMachine& request) {
    const InstanceId instance(request.tag.mid(instanceTag.size()));
    if (!request.tag.startsWith(instanceTag) || instance.isEmpty())
        return fail(FailureKind::Invalid, QStringLiteral("a machine needs the tag of an instance"));
    SimMachine& made = m_world.add(instance, request.zone);
    made.listedFrom = m_clock.now() + fromSeconds(m_world.uniform() * toSeconds(longestListLag));
    made.secret = request.boot.bootstrapSecret;
    begin(made, request.clusterTag);
    return tell(made);
}

Outcome<void> SimCloud::execute(const MachineCommand& command) {
    SimMachine* machine = m_world.find(command.machine);
    const bool going = machine && (machine->gone || machine->deletionEnds);
    if (command.kind == MachineCommandKind::Delete) {
        if (!machine || going)
            return {};
        if (onCommand)
            onCommand(*machine, command.kind);
        machine->running = false;
        machine->flapsAt.reset();
        machine->deletionEnds =
            m_clock.now() + shortestDeletion +
            fromSeconds(m_world.uniform() * toSeconds(longestDeletion - shortestDeletion));
        m_deleting.push_back(machine->place);
        return {};
    }
    if (!machine || machine->gone)
        return fail(FailureKind::NotFound, QStringLiteral("no such machine"));
    if (going)
        return fail(FailureKind::Conflict, QStringLiteral("the machine is being deleted"));
    if (onCommand)
        onCommand(*machine, command.kind);
    const bool reinstall = command.kind == MachineCommandKind::Reinstall;
    if (reinstall && !command.boot)
        return fail(FailureKind::Invalid, QStringLiteral("a reinstall needs a new secret"));
    if (reinstall || command.kind == MachineCommandKind::Reboot) {
        const bool heals = reinstall || !machine->stubborn;
        m_world.boot(*machine);
        machine->agent = machine->model = heals;
        machine->heals.reset();
        if (reinstall)
            machine->secret = command.boot->bootstrapSecret;
    }
    return {};
}

Machine SimCloud::describe(const MachineId& id) {
    SimMachine* machine = m_world.find(id);
    if (!machine) {
        Machine absent;
        absent.id = id;
        absent.state = MachineState::Absent;
        return absent;
    }
    Machine told = tell(*machine);
    if (m_world.providerLies()) {
        // Wrong in every way but one: a second not-found would be proof (judgement.md).
        constexpr std::array lies{MachineState::Stopped, MachineState::Unknown,
                                  MachineState::Running, MachineState::Absent};
        told.state = lies[m_world.below(machine->deniedOnce ? 3 : 4)];
        machine->deniedOnce = machine->deniedOnce || told.state == MachineState::Absent;
    }
    return told;
}

std::vector<Machine> SimCloud::machines(const QString& tag) {
    std::vector<Machine> found;
    // A tag of one instance is asked for often, and of that there is seldom more than one.
    const bool ofOne = tag.startsWith(instanceTag);
    const InstanceId instance(ofOne ? tag.mid(instanceTag.size()) : QString());
    if (!ofOne)
        found.reserve(m_world.machines().size());
    for (const SimMachine& machine : m_world.machines()) {
        const bool listed = !machine.gone && machine.listedFrom <= m_clock.now();
        const bool fits = ofOne ? machine.instance == instance : tag.isEmpty() || tag == clusterTag;
        if (listed && fits)
            found.push_back(tell(machine));
    }
    return found;
}

std::vector<MachineVolume> SimCloud::volumes(const QString& tag) {
    std::vector<MachineVolume> found;
    found.reserve(m_disks.size());
    for (const Disk& disk : m_disks) {
        if (!disk.deletedAt && (tag.isEmpty() || disk.told.tags.contains(tag)))
            found.push_back(disk.told);
    }
    return found;
}

bool SimCloud::hasVolume(const QString& id) const {
    const auto place = m_diskPlaces.constFind(id);
    return place != m_diskPlaces.constEnd() && !m_disks[*place].deletedAt;
}

Outcome<void> SimCloud::deleteVolume(const QString& id) {
    const auto place = m_diskPlaces.constFind(id);
    if (place == m_diskPlaces.constEnd() || m_disks[*place].deletedAt)
        return fail(FailureKind::NotFound, QStringLiteral("no such volume"));
    Disk& disk = m_disks[*place];
    const SimMachine* machine = m_world.find(disk.told.attachedTo);
    const bool inUse = machine && !machine->deletionEnds;
    const bool ours = disk.told.tags.contains(clusterTag) && !disk.told.tags.contains(keepTag);
    if (inUse || !ours)
        ++m_wronglyDeleted;
    if (machine)
        return fail(FailureKind::Conflict, QStringLiteral("the volume is attached"));
    if (m_world.uniform() < shareOfFailedDeletions)
        return fail(FailureKind::ServerError, QStringLiteral("the volume could not be deleted"));
    disk.deletedAt = m_clock.now();
    return {};
}

std::vector<Volume> SimCloud::volumesOf(const SimMachine& machine) const {
    std::vector<Volume> rows;
    for (const std::size_t place : m_disksOf.value(machine.id)) {
        const MachineVolume& told = m_disks[place].told;
        Volume row;
        row.id = VolumeId(QStringLiteral("row-") + told.id);
        row.instanceId = machine.instance;
        row.providerVolumeId = told.id;
        row.name = told.name;
        row.volumeType = told.type;
        row.sizeGb = told.sizeGb;
        row.isBoot = told.boot;
        row.status = VolumeStatus::Attached;
        row.createdAt = row.attachedAt = told.createdAt;
        rows.push_back(std::move(row));
    }
    return rows;
}

SimCloud::Account SimCloud::account(Duration grace,
                                    const std::function<bool(const SimMachine&)>& wanted) const {
    Account account;
    account.wronglyDeleted = m_wronglyDeleted;
    const MonotonicTime now = m_clock.now();
    for (const Disk& disk : m_disks) {
        if (!disk.told.tags.contains(clusterTag) || disk.told.tags.contains(keepTag))
            continue;
        std::optional<MonotonicTime> from = disk.freeSince;
        const SimMachine* machine = m_world.find(disk.told.attachedTo);
        if (machine && !wanted(*machine))
            from = disk.madeAt; // a machine that nobody asked for
        if (!from)
            continue;
        const Duration idle = disk.deletedAt.value_or(now) - *from;
        account.costOfLeaks += disk.told.sizeGb * eurPerGbHour * toSeconds(idle) / 3600;
        account.leaked += !disk.deletedAt && idle > grace ? 1 : 0;
    }
    return account;
}

} // namespace vigie
