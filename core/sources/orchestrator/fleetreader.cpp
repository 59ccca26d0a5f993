#include "core/sources/orchestrator/fleetreader.h"

#include "core/sources/replyclues.h"

namespace vigie {

using namespace std::chrono_literals;

namespace {

constexpr Duration askAgainForFleet = 60s;

/// The other side has no such path; anything else is a failure to be told.
bool notServed(const Failure& failure) {
    return failure.httpStatus == 404 || failure.httpStatus == 405 || failure.httpStatus == 410 ||
           failure.httpStatus == 501;
}

Failure notAnOrchestrator(const HttpReply& reply, const QString& path) {
    return {FailureKind::Malformed,
            QStringLiteral("GET %1 answered %2 with %3: this is not the address of an "
                           "orchestrator's API.")
                .arg(path)
                .arg(reply.status)
                .arg(describe(reply)),
            reply.status,
            {},
            {},
            {}};
}

} // namespace

Task<Outcome<FleetRead>> FleetReader::read(std::stop_token stop) {
    const bool plain = m_part == ContractPart::Plain;
    if (!plain || m_clock.now() - m_askedFleet >= askAgainForFleet) {
        auto reply = co_await askFleet(stop);
        if (reply && (m_part != ContractPart::Plain || !isHtml(*reply))) {
            auto read = take(*reply, QStringLiteral("/fleet"));
            m_part = read ? ContractPart::Full : m_part;
            co_return read;
        }
        if (!reply && !notServed(reply.error()))
            co_return fail(std::move(reply).error());
        forget();
        m_askedFleet = m_clock.now();
    }
    auto read = co_await readPlain(std::move(stop));
    co_return read;
}

Task<Outcome<HttpReply>> FleetReader::askFleet(std::stop_token stop) {
    QUrlQuery query;
    if (!m_cursor.isEmpty())
        query.addQueryItem(QStringLiteral("since"),
                           QString::fromLatin1(QUrl::toPercentEncoding(m_cursor)));
    auto reply = co_await m_session.get(QStringLiteral("/fleet"), query, stop);
    const bool cursorRefused = !m_cursor.isEmpty() && !reply &&
                               (reply.error().httpStatus == 400 ||
                                reply.error().httpStatus == 410 || reply.error().httpStatus == 422);
    if (!cursorRefused)
        co_return reply;
    m_cursor.clear();
    auto whole = co_await m_session.get(QStringLiteral("/fleet"), {}, std::move(stop));
    co_return whole;
}

Task<Outcome<FleetRead>> FleetReader::readPlain(std::stop_token stop) {
    auto reply = co_await m_session.get(QStringLiteral("/instances"), {}, std::move(stop));
    if (!reply) {
        Failure failure = std::move(reply).error();
        if (notServed(failure))
            failure.message += QStringLiteral(" Neither /fleet nor /instances is served there: "
                                              "this is not the address of an orchestrator's API.");
        co_return fail(std::move(failure));
    }
    m_known.clear();
    auto read = take(*reply, QStringLiteral("/instances"));
    if (read)
        m_part = ContractPart::Plain;
    co_return read;
}

Outcome<FleetRead> FleetReader::take(const HttpReply& reply, const QString& path) {
    if (isHtml(reply))
        return fail(notAnOrchestrator(reply, path));
    FleetRead read;
    std::optional<WallTime> serverTime;
    if (reply.status != 304) { // then nothing changed since our cursor
        auto list = decodeInstances(reply.body);
        if (!list) {
            m_cursor.clear(); // what was missed is made up for by the next, whole answer
            return fail(std::move(list).error());
        }
        if (list->full)
            m_known.clear();
        for (auto& instance : list->instances) {
            const InstanceId id = instance->id;
            m_known.insert_or_assign(id, std::move(instance));
        }
        for (const InstanceId& id : list->removed)
            m_known.erase(id);
        m_cursor = list->cursor;
        serverTime = list->serverTime;
        read.breakers = std::move(list->breakers);
        if (list->unreadable > 0)
            read.notices << QStringLiteral("%1 rows of %2 could not be read and are not shown: %3")
                                .arg(list->unreadable)
                                .arg(path, list->firstUnreadable);
    }
    read.clockOffset = clockOffset(reply, serverTime);
    read.instances.reserve(m_known.size());
    for (const auto& [id, instance] : m_known)
        read.instances.push_back(instance);
    return read;
}

void FleetReader::forget() {
    m_part = ContractPart::Unknown;
    m_cursor.clear();
    m_known.clear();
}

} // namespace vigie
