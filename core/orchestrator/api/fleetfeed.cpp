#include "core/orchestrator/api/fleetfeed.h"

#include "core/model/volumecodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/fleetcodec.h"

#include <QCryptographicHash>

#include <algorithm>

namespace vigie {

namespace {

using namespace std::chrono_literals;

// A body's server_time may lag by this much: that is what lets many callers share it.
constexpr Duration bodyFreshFor = 250ms;
// Changes gather this long, so that a busy fleet does not answer a held call for every beat.
constexpr Duration gatherFor = 100ms;
// How often the parts without a revision are looked at while a call is held.
constexpr Duration sidesEvery = 1s;
constexpr size_t maxWaiters = 1024;

QByteArray shortHash(const QByteArray& text) {
    return QCryptographicHash::hash(text, QCryptographicHash::Blake2b_160)
        .left(9)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

FleetFeed::FleetFeed(ControlPlane& plane, InstanceTeller& teller, const QString& storeName,
                     std::function<FleetSides()> sides)
    : m_plane(plane), m_clock(plane.clock()), m_teller(teller),
      m_origin(shortHash(storeName.toUtf8()) + shortHash(newUuid().toLatin1())),
      m_sides(std::move(sides)) {
    m_subscription = plane.onChanged([this] { wakeAll(); });
}

void FleetFeed::wakeAll() {
    for (const auto waiters = std::exchange(m_waiters, {}); const auto& waiter : waiters)
        waiter.resolve(true);
}

QByteArray FleetFeed::encodeCursor(const Cursor& cursor) const {
    return m_origin + '.' + QByteArray::number(cursor.revision) + '.' + cursor.mark;
}

std::optional<FleetFeed::Cursor> FleetFeed::decodeCursor(const QByteArray& text) const {
    const QList<QByteArray> parts = text.split('.');
    bool ok = false;
    if (parts.size() != 3 || parts.at(0) != m_origin)
        return std::nullopt;
    const Cursor cursor{parts.at(1).toULongLong(&ok), parts.at(2)};
    if (!ok || cursor.revision > m_plane.revision())
        return std::nullopt;
    return cursor;
}

bool FleetFeed::changedSince(const Cursor& cursor) const {
    return cursor.revision != m_plane.revision() || cursor.mark != shortHash(m_sides().mark);
}

Task<> FleetFeed::untilChanged(Cursor cursor, Duration wait, std::stop_token stop) {
    const MonotonicTime deadline = m_clock.now() + wait;
    while (!changedSince(cursor) && m_waiters.size() < maxWaiters) {
        const Duration left = deadline - m_clock.now();
        if (left <= Duration::zero() || stop.stop_requested())
            co_return;
        const Eventual<bool> wake;
        m_waiters.push_back(wake);
        const Timer timer =
            m_clock.schedule(std::min(left, sidesEvery), [wake] { wake.resolve(false); });
        const std::stop_callback onStop(stop, [wake] { wake.resolve(false); });
        const bool changed = co_await wake;
        if (!changed)
            std::erase_if(m_waiters, [](const Eventual<bool>& each) { return each.resolved(); });
    }
    const Duration left = deadline - m_clock.now();
    if (left > Duration::zero())
        co_await sleepFor(m_clock, std::min(left, gatherFor), stop);
}

Task<ServerResponse> FleetFeed::answer(Ask ask, std::stop_token stop) {
    const std::optional<Cursor> since = decodeCursor(ask.since);
    if (since && ask.wait > Duration::zero())
        co_await untilChanged(*since, ask.wait, stop);

    const FleetSides sides = m_sides();
    const Cursor here{m_plane.revision(), shortHash(sides.mark)};
    const QByteArray sidesHash =
        shortHash(sides.breakers + sides.jobs + sides.alerts + sides.automation);
    const QByteArray etag = '"' + encodeCursor(here) + '.' + sidesHash + '"';
    ServerResponse response;
    response.headers.emplaceBack("ETag", etag);
    response.headers.emplaceBack("Cache-Control", "no-cache");
    if (answer::names(ask.ifNoneMatch, etag)) {
        response.status = 304;
        response.headers.emplaceBack("Vary", "Accept-Encoding"); // as the whole answer has it
        response.contentType.clear();
        response.body = std::make_shared<const ResponseBody>();
    } else {
        response.body = body(since, here, sides, sidesHash);
    }
    co_return response;
}

std::shared_ptr<const ResponseBody> FleetFeed::body(const std::optional<Cursor>& since,
                                                    const Cursor& here, const FleetSides& sides,
                                                    const QByteArray& sidesHash) {
    const QByteArray state = QByteArray::number(here.revision) + '.' + sidesHash;
    if (state != m_bodiesState) {
        m_bodies.clear();
        m_bodiesState = state;
    }
    const QByteArray key = since ? QByteArray::number(since->revision) : QByteArray("full");
    Body& known = m_bodies[key];
    if (!known.shared || m_clock.now() - known.builtAt > bodyFreshFor)
        known = {std::make_shared<const ResponseBody>(build(since, here, sides)), m_clock.now()};
    const std::shared_ptr<const ResponseBody> shared = known.shared;
    m_forgetBodies = m_clock.schedule(2 * bodyFreshFor, [this] { m_bodies.clear(); });
    return shared;
}

ResponseBody FleetFeed::build(const std::optional<Cursor>& since, const Cursor& here,
                              const FleetSides& sides) {
    FleetBody fleet;
    std::vector<Volume> volumes;
    fleet.cursor = QString::fromLatin1(encodeCursor(here));
    fleet.serverTime = m_clock.wallNow();
    fleet.full = !since;
    for (const FleetEntry* entry :
         since ? m_plane.changedSince(since->revision) : m_plane.entries()) {
        if (entry->record.instance.isArchived) {
            if (since)
                fleet.removed.append(entry->id().value());
            continue;
        }
        fleet.instances.push_back(m_teller.encoded(*entry));
        for (const Volume& volume : m_plane.volumesOf(entry->id()))
            volumes.push_back(volume);
    }
    fleet.volumes = encodeVolumes(volumes);
    fleet.breakers = sides.breakers;
    fleet.jobs = sides.jobs;
    fleet.alerts = sides.alerts;
    fleet.automation = sides.automation;
    return encodeFleetBody(fleet);
}

} // namespace vigie
