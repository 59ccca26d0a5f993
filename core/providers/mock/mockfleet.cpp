#include "core/providers/mock/mockfleet.h"

#include "core/base/log.h"
#include "core/model/errorcodec.h"
#include "core/providers/mock/mockcatalog.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace vigie {

namespace {

constexpr int diskGb = 100;
constexpr Duration hostEvery = std::chrono::milliseconds(500);
constexpr qint64 longestLog = 16 * 1024 * 1024;
const QString volumeSuffix = QStringLiteral("-root");

MachineVolume volumeOf(const MockMachine& machine) {
    return {machine.id.value() + volumeSuffix,
            machine.id.value() + volumeSuffix,
            QStringLiteral("mock_ssd"),
            diskGb,
            true,
            machine.id,
            machine.tags,
            machine.createdAt};
}

} // namespace

MockFleet::MockFleet(Clock& clock, MockProviderOptions options)
    : m_clock(clock), m_options(std::move(options)), m_dice(m_options.seed) {
    if (!m_options.simulateWorkers)
        return;
    m_client = std::make_unique<HttpClient>(clock);
    m_server = std::make_unique<HttpServer>(
        HttpServerOptions(), [this](const ServerRequest& request, HttpServer::Respond respond) {
            serve(request, std::move(respond));
        });
}

MockFleet::~MockFleet() {
    m_lives.clear(); // before the client and the server that they use
}

Outcome<std::unique_ptr<MockFleet>> MockFleet::open(Clock& clock, MockProviderOptions options) {
    std::unique_ptr<MockFleet> fleet(new MockFleet(clock, std::move(options)));
    if (const auto loaded = fleet->load(); !loaded)
        return fail(loaded.error());
    if (fleet->m_options.shared && fleet->m_server)
        fleet->m_hostTicker =
            std::make_unique<Ticker>(clock, hostEvery, [raw = fleet.get()] { raw->host(); });
    fleet->host();
    fleet->armNextFault();
    return fleet;
}

void MockFleet::host() {
    if (m_options.shared) {
        if (!m_hosting) {
            if (auto lock = CloudLock::tryTake(m_options.stateFile + QStringLiteral(".workers")))
                m_hosting.emplace(std::move(*lock));
        }
        if (!m_hosting || !load())
            return;
    }
    std::erase_if(m_lives, [this](const auto& life) {
        const MockMachine* machine = find(life.first);
        return !machine || !machine->running;
    });
    for (const MockMachine& machine : m_cloud.machines) {
        const auto life = m_lives.find(machine.id);
        const bool restarted =
            life != m_lives.end() && life->second.generation != machine.generation;
        if (machine.running && (life == m_lives.end() || restarted))
            bring(machine, restarted || !machine.everReady);
    }
}

Outcome<std::optional<CloudLock>> MockFleet::enter() {
    std::optional<CloudLock> held;
    if (!m_options.shared)
        return held;
    auto lock = CloudLock::take(m_options.stateFile + QStringLiteral(".lock"));
    if (!lock)
        return fail(lock.error());
    held.emplace(std::move(*lock));
    if (const auto read = load(); !read)
        return fail(read.error());
    return held;
}

Outcome<MockMachine*> MockFleet::enterFor(const MachineId& id, std::optional<CloudLock>& lock) {
    auto entered = enter();
    if (!entered)
        return fail(entered.error());
    if (*entered)
        lock.emplace(std::move(**entered));
    const auto found = std::ranges::find(m_cloud.machines, id, &MockMachine::id);
    if (found == m_cloud.machines.end())
        return fail(FailureKind::NotFound,
                    QStringLiteral("the machine %1 does not exist").arg(id.value()));
    return &*found;
}

Outcome<void> MockFleet::refresh() {
    return m_options.shared ? load() : Outcome<void>();
}

Outcome<void> MockFleet::tell(const ProviderTrouble& trouble) {
    const auto entered = enter();
    if (!entered)
        return fail(entered.error());
    m_cloud.told = trouble;
    ++m_cloud.tellings;
    return save();
}

void MockFleet::note(const char* effect, const QString& machine, const QString& tag) const {
    if (!m_options.shared)
        return;
    QFile log(QFileInfo(m_options.stateFile).absolutePath() + QStringLiteral("/mock-effects.log"));
    if (log.size() > longestLog)
        QFile::resize(log.fileName(), 0); // a toy's diary; what is old is of no use
    if (log.open(QIODevice::WriteOnly | QIODevice::Append))
        log.write(QStringLiteral("%1 %2 %3\n").arg(QLatin1String(effect), machine, tag).toUtf8());
}

Outcome<void> MockFleet::load() {
    QFile file(m_options.stateFile);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Storage,
                    QStringLiteral("%1: %2").arg(file.fileName(), file.errorString()));
    auto cloud = decodeCloud(file.readAll());
    if (!cloud)
        return fail(cloud.error().kind,
                    QStringLiteral("%1: %2").arg(file.fileName(), cloud.error().message));
    m_cloud = std::move(*cloud);
    return {};
}

Outcome<void> MockFleet::save() const {
    QSaveFile file(m_options.stateFile);
    if (!file.open(QIODevice::WriteOnly))
        return fail(FailureKind::Storage,
                    QStringLiteral("%1: %2").arg(file.fileName(), file.errorString()));
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(encodeCloud(m_cloud));
    if (!file.commit())
        return fail(FailureKind::Storage,
                    QStringLiteral("%1: %2").arg(file.fileName(), file.errorString()));
    return {};
}

const MockMachine* MockFleet::find(const MachineId& id) const {
    const auto found = std::ranges::find(m_cloud.machines, id, &MockMachine::id);
    return found == m_cloud.machines.end() ? nullptr : &*found;
}

MockMachine& MockFleet::at(const MachineId& id) {
    return *std::ranges::find(m_cloud.machines, id, &MockMachine::id);
}

std::vector<MachineVolume> MockFleet::volumes() const {
    std::vector<MachineVolume> all;
    for (const MockMachine& machine : m_cloud.machines) {
        if (!machine.diskLost)
            all.push_back(volumeOf(machine));
    }
    all.insert(all.end(), m_cloud.leftVolumes.begin(), m_cloud.leftVolumes.end());
    return all;
}

Outcome<MockMachine> MockFleet::add(const CreateMachine& request) {
    const auto entered = enter();
    if (!entered)
        return fail(entered.error());
    MockMachine machine;
    machine.id = MachineId(QStringLiteral("mock-") + newUuid());
    machine.tags = {request.tag};
    if (!request.clusterTag.isEmpty())
        machine.tags.append(request.clusterTag);
    machine.zone = request.zone;
    machine.instanceType = request.instanceType;
    machine.createdAt = m_clock.wallNow();
    machine.boot = request.boot;
    machine.seed = static_cast<quint32>(m_dice.below(1'000'000));
    m_cloud.machines.push_back(machine);
    if (const auto saved = save(); !saved) {
        m_cloud.machines.pop_back();
        return fail(saved.error());
    }
    note("create", machine.id.value(), request.tag);
    bring(machine, true);
    return machine;
}

Outcome<void> MockFleet::start(const MachineId& id) {
    std::optional<CloudLock> lock;
    const auto machine = enterFor(id, lock);
    if (!machine)
        return fail(machine.error());
    if ((*machine)->running)
        return {};
    (*machine)->running = true;
    return begun("start", **machine);
}

/// Its worker comes up anew.
Outcome<void> MockFleet::begun(const char* effect, MockMachine& machine) {
    ++machine.generation;
    bring(machine, true);
    note(effect, machine.id.value(), machine.tags.value(0));
    return save();
}

Outcome<void> MockFleet::stop(const MachineId& id) {
    std::optional<CloudLock> lock;
    const auto machine = enterFor(id, lock);
    if (!machine)
        return fail(machine.error());
    m_lives.erase(id);
    (*machine)->running = false;
    note("stop", id.value(), (*machine)->tags.value(0));
    return save();
}

Outcome<void> MockFleet::reboot(const MachineId& id) {
    std::optional<CloudLock> lock;
    const auto machine = enterFor(id, lock);
    if (!machine)
        return fail(machine.error());
    (*machine)->running = true;
    return begun("reboot", **machine);
}

Outcome<void> MockFleet::reinstall(const MachineId& id, const WorkerBoot& boot) {
    std::optional<CloudLock> lock;
    const auto machine = enterFor(id, lock);
    if (!machine)
        return fail(machine.error());
    (*machine)->boot = boot;
    (*machine)->running = true;
    (*machine)->everReady = false;
    return begun("reinstall", **machine);
}

Outcome<void> MockFleet::remove(const MachineId& id) {
    std::optional<CloudLock> lock;
    const auto machine = enterFor(id, lock);
    if (!machine)
        return machine.error().kind == FailureKind::NotFound ? Outcome<void>()
                                                             : fail(machine.error());
    note("delete", id.value(), (*machine)->tags.value(0));
    drop(**machine);
    return save();
}

void MockFleet::drop(const MockMachine& machine) {
    const MachineId id = machine.id;
    const bool hadDisk = !machine.diskLost;
    const MachineVolume volume = volumeOf(machine);
    m_lives.erase(id);
    std::erase_if(m_cloud.machines, [&id](const MockMachine& m) { return m.id == id; });
    if (hadDisk && m_dice.happens(m_options.volumeLeakRate)) {
        m_cloud.leftVolumes.push_back(volume);
        m_cloud.leftVolumes.back().attachedTo = MachineId();
    }
}

Outcome<void> MockFleet::removeLeftVolume(const QString& volumeId) {
    const auto entered = enter();
    if (!entered)
        return fail(entered.error());
    if (std::erase_if(m_cloud.leftVolumes,
                      [&volumeId](const MachineVolume& v) { return v.id == volumeId; }) > 0)
        note("delete-volume", volumeId, {});
    return save();
}

void MockFleet::serve(const ServerRequest& request, HttpServer::Respond respond) {
    for (const auto& [id, life] : m_lives) {
        if (life.worker && life.worker->port() == request.localPort) {
            life.worker->handle(request, std::move(respond));
            return;
        }
    }
    // The worker went while the request was under way.
    respond(ServerResponse::json(503, encodeError({QStringLiteral("machine_gone"),
                                                   QStringLiteral("no worker serves here now"),
                                                   {}})));
}

void MockFleet::bring(const MockMachine& machine, bool fresh) {
    if (!m_server || (m_options.shared && !m_hosting))
        return;
    Life& life = m_lives[machine.id];
    life = Life();
    life.generation = machine.generation;
    StartPlan plan;
    if (fresh)
        plan = {m_dice.around(m_options.boot, 0.3), m_dice.around(m_options.install, 0.3),
                m_dice.around(m_options.load, 0.3), m_dice.startHang(m_options.faults)};
    life.worker = std::make_unique<SimulatedWorker>(
        SimulationParts{m_clock, *m_client, *m_server}, machine, m_options, plan,
        [this, id = machine.id] {
            std::optional<CloudLock> lock;
            const auto ready = enterFor(id, lock);
            if (!ready || (*ready)->everReady)
                return;
            (*ready)->everReady = true;
            if (const auto saved = save(); !saved)
                logWarning(QStringLiteral("providers.mock"), saved.error().message);
        });
}

const SimulatedWorker* MockFleet::workerOf(const MachineId& id) const {
    const auto life = m_lives.find(id);
    return life == m_lives.end() ? nullptr : life->second.worker.get();
}

MockFault MockFleet::faultOf(const MachineId& id) const {
    const auto life = m_lives.find(id);
    return life == m_lives.end() ? MockFault::None : life->second.fault;
}

} // namespace vigie
