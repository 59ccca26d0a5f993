#include "core/providers/mock/mockprovider.h"

#include "core/providers/mock/mockcatalog.h"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

tl::unexpected<Failure> apiError(FailureKind kind, int status, const QString& code,
                                 const QString& message) {
    return fail({kind, message, status, {}, code, {}});
}

bool hasTag(const QStringList& tags, const QString& tag) {
    return tag.isEmpty() || tags.contains(tag);
}

} // namespace

MockProvider::MockProvider(Clock& clock, MockProviderOptions options,
                           std::unique_ptr<MockFleet> fleet)
    : m_clock(clock), m_options(std::move(options)), m_fleet(std::move(fleet)),
      m_configured{m_options.latency,        m_options.errorRate,      m_options.rateLimitRate,
                   m_options.lostAnswerRate, m_options.volumeLeakRate, m_options.outOfStock,
                   m_options.quota,          m_options.listLag,        m_options.seed},
      m_dice(m_options.seed + 1) {}

Outcome<std::unique_ptr<MockProvider>> MockProvider::open(Clock& clock,
                                                          MockProviderOptions options) {
    auto fleet = MockFleet::open(clock, options);
    if (!fleet)
        return fail(fleet.error());
    return std::unique_ptr<MockProvider>(
        new MockProvider(clock, std::move(options), std::move(*fleet)));
}

QString MockProvider::code() const {
    return QStringLiteral("mock");
}

std::vector<ProviderZone> MockProvider::zones() const {
    return mockZones();
}

std::vector<ProviderType> MockProvider::types() const {
    std::vector<ProviderType> all = mockTypes();
    for (ProviderType& type : all) {
        for (const ProviderZone& zone : mockZones())
            type.stock.insert(zone.zone, isOutOfStock(m_options.outOfStock, zone.zone, type.name)
                                             ? QStringLiteral("shortage")
                                             : QStringLiteral("available"));
    }
    return all;
}

// Wall time, because it outlives a restart with the machine; a clock set back shows it at once.
bool MockProvider::isListed(const MockMachine& machine) const {
    const Duration age = m_clock.wallNow() - machine.createdAt;
    return age < Duration::zero() || age >= m_options.listLag;
}

ProviderTrouble MockProvider::trouble() const {
    if (m_options.shared && m_fleet->refresh() && m_fleet->told())
        return *m_fleet->told();
    return {m_options.latency,        m_options.errorRate,      m_options.rateLimitRate,
            m_options.lostAnswerRate, m_options.volumeLeakRate, m_options.outOfStock,
            m_options.quota,          m_options.listLag,        m_options.seed};
}

Outcome<void> MockProvider::setTrouble(ProviderTrouble trouble) {
    if (!m_options.shared) {
        take(std::move(trouble));
        return {};
    }
    if (auto told = m_fleet->tell(trouble); !told)
        return told;
    heed();
    return {};
}

void MockProvider::heed() {
    if (m_fleet->told() && std::exchange(m_heeded, m_fleet->tellings()) != m_fleet->tellings())
        take(*m_fleet->told());
}

void MockProvider::take(ProviderTrouble trouble) {
    m_options.latency = trouble.latency;
    m_options.errorRate = trouble.errorRate;
    m_options.rateLimitRate = trouble.rateLimitRate;
    m_options.lostAnswerRate = trouble.lostAnswerRate;
    m_options.volumeLeakRate = trouble.volumeLeakRate;
    m_options.outOfStock = std::move(trouble.outOfStock);
    m_options.quota = trouble.quota;
    m_options.listLag = trouble.listLag;
    m_options.seed = trouble.seed;
    m_fleet->setVolumeLeakRate(trouble.volumeLeakRate);
    m_dice = MockDice(trouble.seed + 1);
    m_fleet->dice() = MockDice(trouble.seed);
}

Task<Outcome<void>> MockProvider::reach(std::stop_token stop) {
    if (m_options.latency > Duration::zero()) {
        const bool elapsed = co_await sleepFor(m_clock, m_options.latency, stop);
        if (!elapsed)
            co_return fail(FailureKind::Cancelled,
                           QStringLiteral("the call to the mock provider was given up"));
    }
    if (auto read = m_fleet->refresh(); !read)
        co_return fail(read.error());
    heed();
    if (m_dice.happens(m_options.rateLimitRate)) {
        Failure limited = apiError(FailureKind::RateLimited, 429, QStringLiteral("rate_limited"),
                                   QStringLiteral("the mock provider answered 429"))
                              .value();
        limited.retryAfter = std::chrono::seconds(2);
        co_return fail(std::move(limited));
    }
    if (m_dice.happens(m_options.errorRate))
        co_return apiError(FailureKind::ServerError, 503, QStringLiteral("simulated_error"),
                           QStringLiteral("the mock provider answered 503, as configured"));
    co_return Outcome<void>();
}

// Its order leaves when its latency has passed: what takes effect is decided then.
Task<Outcome<void>> MockProvider::order(std::stop_token stop) {
    Outcome<void> reached = co_await reach(std::move(stop));
    if (reached) {
        if (const auto refused = whyNot())
            co_return fail(*refused);
    }
    co_return reached;
}

Task<Outcome<Machine>> MockProvider::create(CreateMachine request, std::stop_token stop) {
    const Outcome<void> reached = co_await order(std::move(stop));
    if (!reached)
        co_return fail(reached.error());
    Outcome<Machine> made = createNow(request);
    if (made && m_dice.happens(m_options.lostAnswerRate))
        co_return apiError(FailureKind::OutcomeUnknown, 0, QStringLiteral("outcome_unknown"),
                           QStringLiteral("the mock provider's answer was lost, as configured"));
    co_return made;
}

Outcome<Machine> MockProvider::createNow(const CreateMachine& request) {
    if (request.tag.isEmpty())
        return fail(FailureKind::Invalid, QStringLiteral("a machine needs a tag"));
    if (!isMockZone(request.zone))
        return fail(FailureKind::Invalid,
                    QStringLiteral("the mock provider has no zone \"%1\"").arg(request.zone));
    if (!mockType(request.instanceType))
        return fail(FailureKind::Invalid,
                    QStringLiteral("the mock provider has no instance type \"%1\"")
                        .arg(request.instanceType));
    if (isOutOfStock(m_options.outOfStock, request.zone, request.instanceType))
        return apiError(
            FailureKind::ServerError, 503, QStringLiteral("out_of_stock"),
            QStringLiteral("%1 is out of stock in %2").arg(request.instanceType, request.zone));
    if (m_options.quota && static_cast<int>(m_fleet->machines().size()) >= *m_options.quota)
        return apiError(
            FailureKind::Forbidden, 403, QStringLiteral("quota_exceeded"),
            QStringLiteral("the quota of %1 machines is used up").arg(*m_options.quota));
    const auto made = m_fleet->add(request);
    if (!made)
        return fail(made.error());
    return toMachine(*made);
}

Task<Outcome<void>> MockProvider::command(MachineCommand command, std::stop_token stop) {
    const Outcome<void> reached = co_await order(std::move(stop));
    if (!reached)
        co_return reached;
    co_return execute(command);
}

Outcome<void> MockProvider::execute(const MachineCommand& command) {
    const bool known = m_fleet->find(command.machine) != nullptr;
    if (!known && command.kind == MachineCommandKind::Delete)
        return {};
    if (!known)
        return apiError(
            FailureKind::NotFound, 404, QStringLiteral("machine_not_found"),
            QStringLiteral("the machine %1 does not exist").arg(command.machine.value().left(100)));
    switch (command.kind) {
    case MachineCommandKind::Start:
        return m_fleet->start(command.machine);
    case MachineCommandKind::Stop:
        return m_fleet->stop(command.machine);
    case MachineCommandKind::Reboot:
        return m_fleet->reboot(command.machine);
    case MachineCommandKind::Reinstall:
        if (!command.boot)
            return fail(FailureKind::Invalid,
                        QStringLiteral("a reinstall needs a new bootstrap secret"));
        return m_fleet->reinstall(command.machine, *command.boot);
    case MachineCommandKind::Delete:
        break;
    }
    return m_fleet->remove(command.machine);
}

Task<Outcome<Machine>> MockProvider::describe(MachineId id, CallToken stop) {
    const Outcome<void> reached = co_await reach(stop.stop());
    if (!reached)
        co_return fail(reached.error());
    if (const MockMachine* machine = m_fleet->find(id))
        co_return toMachine(*machine);
    Machine absent;
    absent.id = id;
    absent.state = MachineState::Absent;
    co_return absent;
}

Machine MockProvider::toMachine(const MockMachine& machine) const {
    Machine out;
    out.id = machine.id;
    out.state = machine.running ? MachineState::Running : MachineState::Stopped;
    out.address = QStringLiteral("127.0.0.1");
    out.tags = machine.tags;
    out.createdAt = machine.createdAt;
    for (MachineVolume& volume : m_fleet->volumes())
        if (volume.attachedTo == machine.id)
            out.volumes.push_back(std::move(volume));
    return out;
}

Task<Outcome<std::vector<Machine>>> MockProvider::machines(QString tag, CallToken stop) {
    const Outcome<void> reached = co_await reach(stop.stop());
    if (!reached)
        co_return fail(reached.error());
    std::vector<Machine> found;
    for (const MockMachine& machine : m_fleet->machines())
        if (hasTag(machine.tags, tag) && isListed(machine))
            found.push_back(toMachine(machine));
    co_return found;
}

Task<Outcome<std::vector<MachineVolume>>> MockProvider::volumes(QString clusterTag,
                                                                CallToken stop) {
    const Outcome<void> reached = co_await reach(stop.stop());
    if (!reached)
        co_return fail(reached.error());
    std::vector<MachineVolume> found = m_fleet->volumes();
    std::erase_if(found,
                  [&clusterTag](const MachineVolume& v) { return !hasTag(v.tags, clusterTag); });
    co_return found;
}

Task<Outcome<bool>> MockProvider::hasVolume(QString volumeId, CallToken stop) {
    const Outcome<void> reached = co_await reach(stop.stop());
    if (!reached)
        co_return fail(reached.error());
    const auto all = m_fleet->volumes();
    co_return std::ranges::find(all, volumeId, &MachineVolume::id) != all.end();
}

Task<Outcome<void>> MockProvider::deleteVolume(QString volumeId, CallToken stop) {
    const Outcome<void> reached = co_await order(stop.stop());
    if (!reached)
        co_return reached;
    const auto all = m_fleet->volumes();
    const auto volume = std::ranges::find(all, volumeId, &MachineVolume::id);
    if (volume == all.end())
        co_return Outcome<void>();
    if (!volume->attachedTo.isEmpty())
        co_return apiError(FailureKind::Conflict, 409, QStringLiteral("volume_attached"),
                           QStringLiteral("the volume %1 is attached to %2")
                               .arg(volumeId, volume->attachedTo.value()));
    co_return m_fleet->removeLeftVolume(volumeId);
}

} // namespace vigie
