// The part of ScalewayProvider that makes machines. A create may be cut off anywhere: what tells a
// half-made server from a whole one is its tag, and what tells that one may exist at all is the
// journal, because lists lag behind.
#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/providers/scaleway/scalewayprovider.h"
#include "core/providers/scaleway/userdata.h"

#include <QScopeGuard>

#include <algorithm>

namespace vigie {

namespace {

tl::unexpected<Failure> later(const QString& message, Duration wait) {
    Failure failure{
        FailureKind::Conflict, message, 0, wait, QStringLiteral("create_unsettled"), {}};
    return fail(std::move(failure));
}

/// "zone=value" for that zone, or a value for any zone.
QString valueFor(const QStringList& values, const QString& zone) {
    QString any;
    for (const QString& each : values) {
        const qsizetype sign = each.indexOf(QLatin1Char('='));
        if (sign < 0)
            any = each;
        else if (each.left(sign) == zone)
            return each.mid(sign + 1);
    }
    return any;
}

/// Refused before anything was made. A time-out of theirs (408) or ours, a failure of theirs and a
/// lost answer leave it open.
bool certainlyMadeNothing(const Failure& failure) {
    return failure.kind == FailureKind::BreakerOpen || failure.code == u"rate_limiter_empty" ||
           failure.code == u"out_of_stock" || failure.code == u"lease_lost" ||
           (failure.httpStatus >= 400 && failure.httpStatus < 500 && failure.httpStatus != 408);
}

} // namespace

Outcome<QByteArray> ScalewayProvider::refuseOrRender(const CreateMachine& request) const {
    const auto invalid = [](const QString& why) { return fail(FailureKind::Invalid, why); };
    if (request.tag.isEmpty())
        return invalid(QStringLiteral("a machine needs a tag"));
    if (request.clusterTag != m_options.clusterTag)
        return invalid(QStringLiteral("machines for \"%1\" are not made here, where all carry %2")
                           .arg(request.clusterTag, m_options.clusterTag));
    if (!m_options.zones.contains(request.zone))
        return invalid(QStringLiteral("there is no zone \"%1\" in providers.scaleway.zones (%2)")
                           .arg(request.zone, m_options.zones.join(QLatin1String(", "))));
    if (!m_options.types.isEmpty() && !m_options.types.contains(request.instanceType))
        return invalid(QStringLiteral("there is no type \"%1\" in providers.scaleway.types (%2)")
                           .arg(request.instanceType, m_options.types.join(QLatin1String(", "))));
    if (valueFor(m_options.images, request.zone).isEmpty())
        return invalid(QStringLiteral("providers.scaleway.images has no image for the zone %1")
                           .arg(request.zone));
    return userDataFor(request.boot, m_options.userData);
}

Task<Outcome<Machine>> ScalewayProvider::create(CreateMachine request, std::stop_token stop) {
    Outcome<QByteArray> userData = refuseOrRender(request);
    if (!userData)
        co_return fail(userData.error());
    const QString tag = request.tag;
    if (m_creating.contains(tag))
        co_return later(QStringLiteral("a server for %1 is being created already").arg(tag),
                        std::chrono::seconds(1));
    m_creating.insert(tag);
    CallToken token(std::move(stop), request.boot.correlationId);
    const auto done = qScopeGuard([this, tag] { m_creating.remove(tag); });
    Outcome<Machine> machine =
        co_await createOnce(std::move(request), std::move(*userData), std::move(token));
    co_return machine;
}

Task<Outcome<Machine>> ScalewayProvider::createOnce(CreateMachine request, QByteArray userData,
                                                    CallToken stop) {
    const Outcome<std::optional<ScalewayServer>> known = co_await lookUp(request, stop);
    if (!known)
        co_return fail(known.error());
    if (*known) {
        Outcome<Machine> machine = co_await complete(**known, std::move(userData), std::move(stop));
        co_return machine;
    }
    const Outcome<ScalewayServer> made = co_await order(std::move(request), stop);
    if (!made)
        co_return fail(made.error());
    Outcome<Machine> machine = co_await complete(*made, std::move(userData), std::move(stop));
    co_return machine;
}

Task<Outcome<std::optional<ScalewayServer>>> ScalewayProvider::lookUp(CreateMachine request,
                                                                      CallToken stop) {
    const std::optional<BegunCreate> begun =
        m_journal.find(request.tag) ? std::optional(*m_journal.find(request.tag)) : std::nullopt;
    if (begun && !begun->server.isEmpty()) {
        const ScalewayId id{begun->zone, begun->server};
        const Outcome<ScalewayServer> server = co_await m_api.server(id, stop);
        if (server && server->tags.contains(request.tag))
            co_return *server;
        if (!server && server.error().kind != FailureKind::NotFound)
            co_return fail(server.error());
    }
    const Outcome<std::vector<ScalewayServer>> tagged =
        co_await m_api.servers(request.zone, request.tag, std::move(stop));
    if (!tagged)
        co_return fail(tagged.error()); // not knowing, it would be a leak to create another one
    if (!tagged->empty())
        co_return tagged->front();
    if (begun) {
        const Duration since = m_clock.wallNow() - begun->at;
        const Duration rest = m_options.settle - std::max(since, Duration::zero());
        if (rest > Duration::zero())
            co_return later(QStringLiteral("a server for %1 was ordered %2 ago and no list shows "
                                           "it yet; it is ordered anew when none shows up")
                                .arg(request.tag, humanDuration(since)),
                            rest);
    }
    co_return std::optional<ScalewayServer>();
}

Task<Outcome<ScalewayServer>> ScalewayProvider::order(CreateMachine request, CallToken stop) {
    NewScalewayServer wanted;
    wanted.name = QStringLiteral("vigie-") + request.boot.instanceId.value();
    wanted.commercialType = request.instanceType;
    wanted.image = valueFor(m_options.images, request.zone);
    wanted.securityGroup = valueFor(m_options.securityGroups, request.zone);
    wanted.tags = {request.tag, request.clusterTag, unfinishedTag};
    wanted.volumeType = m_options.volumeType;
    wanted.volumeGb = m_options.volumeGb;
    wanted.publicAddress = m_options.publicAddress;
    if (const auto begun = m_journal.begin(request.tag, request.zone); !begun)
        co_return fail(begun.error());
    Outcome<ScalewayServer> made =
        co_await m_api.createServer(request.zone, std::move(wanted), std::move(stop));
    if (!made && certainlyMadeNothing(made.error())) {
        if (const auto forgotten = m_journal.forget(request.tag); !forgotten)
            logWarning(QStringLiteral("providers.scaleway"), forgotten.error().message);
        co_return made;
    }
    if (!made)
        co_return made;
    // Only a help: without it the next create waits for the lists.
    if (const auto noted = m_journal.answered(request.tag, made->id); !noted)
        logWarning(QStringLiteral("providers.scaleway"), noted.error().message);
    co_return made;
}

Task<Outcome<Machine>> ScalewayProvider::complete(ScalewayServer server, QByteArray userData,
                                                  CallToken stop) {
    if (const auto refused = refuseForeign(server); !refused)
        co_return fail(refused.error());
    const ScalewayId id{server.zone, server.id};
    if (server.tags.contains(unfinishedTag)) {
        const Outcome<void> tagged = co_await tagVolumes(server, stop);
        if (!tagged)
            co_return fail(tagged.error());
    }
    // Also for a whole one: the secret of this attempt is the only one that is valid now.
    const Outcome<void> written = co_await m_api.setUserData(id, std::move(userData), stop);
    if (!written)
        co_return fail(written.error());
    if (server.tags.removeAll(unfinishedTag) > 0) {
        const Outcome<void> finished = co_await m_api.setServerTags(id, server.tags, stop);
        if (!finished)
            co_return fail(finished.error());
    } else if (server.state == QLatin1String("running")) {
        const Outcome<void> rebooted = co_await m_api.act(id, QStringLiteral("reboot"), stop);
        if (!rebooted)
            co_return fail(rebooted.error());
    }
    Machine machine = toMachine(server);
    Outcome<std::vector<MachineVolume>> volumes = co_await volumesOf(server, std::move(stop));
    if (!volumes)
        co_return fail(volumes.error());
    machine.volumes = std::move(*volumes);
    co_return machine;
}

// Only while the server is unfinished: what is attached to it then was made with it, what a person
// attaches later is theirs.
Task<Outcome<void>> ScalewayProvider::tagVolumes(ScalewayServer server, CallToken stop) {
    QStringList tags = server.tags;
    tags.removeAll(unfinishedTag);
    tags.append(scalewayMachineTag(server.id));
    for (const ScalewayServerVolume& each : server.volumes) {
        const ScalewayId id{server.zone, each.id};
        const Outcome<ScalewayVolume> tagged =
            co_await m_api.setVolumeTags(each.api(), id, tags, stop);
        if (!tagged)
            co_return fail(tagged.error());
        m_ourVolumes.insert(id.text(), toMachineVolume(*tagged, each.boot));
    }
    co_return Outcome<void>();
}

} // namespace vigie
