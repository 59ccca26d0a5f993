#include "core/providers/scaleway/scalewayprovider.h"

#include "core/base/log.h"
#include "core/providers/scaleway/userdata.h"

namespace vigie {

namespace {

tl::unexpected<Failure> noSuchId(const MachineId& id) {
    return fail(FailureKind::Invalid,
                QStringLiteral("\"%1\" is no id of a Scaleway server; expected zone/UUID")
                    .arg(id.value().left(100)));
}

QString actionFor(MachineCommandKind kind, const QString& state) {
    const bool stopped = state.startsWith(QLatin1String("stopped"));
    const bool running = state == QLatin1String("running");
    switch (kind) {
    case MachineCommandKind::Start:
        return stopped ? QStringLiteral("poweron") : QString();
    case MachineCommandKind::Stop:
        return running ? QStringLiteral("poweroff") : QString();
    default: // Reboot: of a machine that is off, too, it is wanted that it runs afterwards
        return running ? QStringLiteral("reboot") : stopped ? QStringLiteral("poweron") : QString();
    }
}

/// A state that passes by itself; nothing can be asked of the server meanwhile.
bool isPassing(const QString& state) {
    return state == QLatin1String("starting") || state == QLatin1String("stopping");
}

} // namespace

const QString ScalewayProvider::unfinishedTag = QStringLiteral("vigie-unfinished");
const QString ScalewayProvider::keepTag = QStringLiteral("vigie-keep");

QString scalewayMachineTag(const QString& server) {
    return QStringLiteral("vigie-machine:") + server;
}

ScalewayProvider::ScalewayProvider(Clock& clock, ScalewayOptions options)
    : m_clock(clock), m_options(std::move(options)), m_client(std::make_unique<HttpClient>(clock)),
      m_api(clock, *m_client, m_options.api, [this] { return whyNot(); }),
      m_journal(clock, m_options.journalFile, 10 * m_options.settle + std::chrono::hours(1)) {}

Outcome<std::unique_ptr<ScalewayProvider>> ScalewayProvider::open(Clock& clock,
                                                                  ScalewayOptions options) {
    std::unique_ptr<ScalewayProvider> provider(new ScalewayProvider(clock, std::move(options)));
    if (const auto opened = provider->m_journal.open(); !opened)
        return fail(opened.error());
    provider->refreshCatalogueLater(Duration::zero());
    return provider;
}

QString ScalewayProvider::code() const {
    return QStringLiteral("scaleway");
}

Outcome<void> ScalewayProvider::refuseForeign(const ScalewayServer& server) const {
    if (server.tags.contains(m_options.clusterTag) &&
        (server.project.isEmpty() || server.project == m_options.api.project))
        return {};
    Failure failure{FailureKind::Invalid, {}, 0, {}, QStringLiteral("not_ours"), {}};
    failure.message = QStringLiteral("the server %1 does not carry the tag %2 in this project; it "
                                     "is left alone")
                          .arg(server.id, m_options.clusterTag);
    return fail(std::move(failure));
}

Task<Outcome<ScalewayServer>> ScalewayProvider::ours(ScalewayId id, CallToken stop) {
    Outcome<ScalewayServer> server = co_await m_api.server(std::move(id), std::move(stop));
    if (!server)
        co_return server;
    if (const auto refused = refuseForeign(*server); !refused)
        co_return fail(refused.error());
    co_return server;
}

Task<Outcome<void>> ScalewayProvider::command(MachineCommand command, std::stop_token stop) {
    const auto id = ScalewayId::from(command.machine.value());
    if (!id)
        co_return noSuchId(command.machine);
    logInfo(QStringLiteral("providers.scaleway"),
            QStringLiteral("%1 %2").arg(toString(command.kind), command.machine.value()),
            command.correlationId);
    const CallToken token(std::move(stop), command.correlationId);
    if (command.kind == MachineCommandKind::Delete) {
        Outcome<void> step = co_await deleteStep(*id, token);
        co_return step;
    }
    if (command.kind == MachineCommandKind::Reinstall && !command.boot)
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("a reinstall needs a new bootstrap secret"));
    const Outcome<ScalewayServer> server = co_await ours(*id, token);
    if (!server)
        co_return fail(server.error());
    if (command.kind == MachineCommandKind::Reinstall) {
        Outcome<void> done = co_await reinstall(*server, *command.boot, token);
        co_return done;
    }
    const QString action = actionFor(command.kind, server->state);
    if (action.isEmpty()) {
        const bool wanted = command.kind != MachineCommandKind::Stop
                                ? server->state == QLatin1String("running")
                                : server->state.startsWith(QLatin1String("stopped"));
        if (wanted || (command.kind != MachineCommandKind::Stop &&
                       server->state == QLatin1String("starting")))
            co_return Outcome<void>();
        Failure failure{FailureKind::Conflict, {}, 0, {}, QStringLiteral("transient_state"), {}};
        failure.message = QStringLiteral("the server %1 is %2; %3 has to wait")
                              .arg(server->id, server->state, toString(command.kind));
        co_return fail(std::move(failure));
    }
    Outcome<void> done = co_await m_api.act(*id, action, token);
    co_return done;
}

Task<Outcome<void>> ScalewayProvider::reinstall(ScalewayServer server, WorkerBoot boot,
                                                CallToken stop) {
    const ScalewayId id{server.zone, server.id};
    if (isPassing(server.state)) {
        Failure failure{FailureKind::Conflict, {}, 0, {}, QStringLiteral("transient_state"), {}};
        failure.message = QStringLiteral("the server %1 is %2; a reinstall has to wait")
                              .arg(server.id, server.state);
        co_return fail(std::move(failure));
    }
    const Outcome<QByteArray> userData = userDataFor(boot, m_options.userData);
    if (!userData)
        co_return fail(userData.error());
    const Outcome<void> written = co_await m_api.setUserData(id, *userData, stop);
    if (!written)
        co_return written;
    const QString action = actionFor(MachineCommandKind::Reboot, server.state);
    Outcome<void> done = co_await m_api.act(id, action, std::move(stop));
    co_return done;
}

Task<Outcome<Machine>> ScalewayProvider::describe(MachineId id, CallToken stop) {
    const auto where = ScalewayId::from(id.value());
    if (!where)
        co_return noSuchId(id);
    const Outcome<ScalewayServer> server = co_await m_api.server(*where, stop);
    if (!server && server.error().kind == FailureKind::NotFound) {
        Machine absent;
        absent.id = id;
        absent.state = MachineState::Absent;
        co_return absent;
    }
    if (!server)
        co_return fail(server.error());
    Machine machine = toMachine(*server);
    Outcome<std::vector<MachineVolume>> volumes = co_await volumesOf(*server, std::move(stop));
    if (!volumes)
        co_return fail(volumes.error());
    machine.volumes = std::move(*volumes);
    co_return machine;
}

} // namespace vigie
