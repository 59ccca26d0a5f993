#include "core/orchestrator/api/eventfeed.h"

#include "core/model/jsonwriter.h"

#include <algorithm>

namespace vigie {

namespace {

const QString instancesTopic = QStringLiteral("instances");
const QString actionsTopic = QStringLiteral("actions");
const QString finopsTopic = QStringLiteral("finops");
constexpr size_t mostIds = 500;                // of one event
constexpr qsizetype mostReplayed = 128 * 1024; // bytes: half of what a stream holds

} // namespace

EventFeed::EventFeed(ControlPlane& plane)
    : m_plane(plane), m_origin(newUuid().left(8).toLatin1()), m_gathered(plane.revision()),
      m_keepAlive(plane.clock(), keepAliveEvery, [this] { keepAlive(); }) {
    for (const FleetEntry* entry : plane.entries())
        m_marks.insert(entry->id(), markOf(*entry));
    m_subscription = plane.onChanged([this] { changed(); });
}

EventFeed::~EventFeed() {
    stop();
}

QStringList EventFeed::topics() {
    return {instancesTopic, actionsTopic, QStringLiteral("alerts"), finopsTopic};
}

EventFeed::Mark EventFeed::markOf(const FleetEntry& entry) {
    return {entry.record.version, entry.live.verdict()};
}

void EventFeed::changed() {
    if (!m_gathering.active())
        m_gathering = m_plane.clock().schedule(gatherFor, [this] { gather(); });
}

void EventFeed::gather() {
    m_gathering.cancel();
    const quint64 since = std::exchange(m_gathered, m_plane.revision());
    Event event;
    event.topic = instancesTopic;
    event.name = "instance.updated";
    for (const FleetEntry* entry : m_plane.changedSince(since)) {
        const InstanceId& id = entry->id();
        const Mark mark = markOf(*entry);
        const auto known = m_marks.constFind(id);
        if (known != m_marks.constEnd() && *known == mark)
            continue; // a heartbeat
        m_marks.insert(id, mark);
        event.items.push_back({id.value(), id.value()});
        if (event.items.size() == mostIds) {
            append(event);
            event.items.clear();
        }
    }
    if (!event.items.empty())
        append(std::move(event));
}

void EventFeed::logged(const std::vector<ActionLog>& entries) {
    Event event;
    event.topic = actionsTopic;
    event.name = "action_log.created";
    for (const ActionLog& entry : entries)
        event.items.push_back({entry.id.value(), entry.instanceId.value()});
    if (!event.items.empty())
        append(std::move(event));
}

void EventFeed::publish(const QString& topic, const QByteArray& name, const QByteArray& data,
                        const InstanceId& of) {
    Event event;
    event.topic = topic;
    event.name = name;
    event.data = data;
    if (!of.isEmpty())
        event.items.push_back({{}, of.value()});
    append(std::move(event));
}

void EventFeed::told(const QString& topic, const QByteArray& name, const QStringList& ids) {
    Event event;
    event.topic = topic;
    event.name = name;
    for (const QString& id : ids)
        event.items.push_back({id, {}});
    append(std::move(event));
}

void EventFeed::append(Event event) {
    event.number = ++m_number;
    event.at = m_plane.clock().wallNow();
    for (const Listener& listener : m_listeners)
        send(listener, event);
    Ring& ring = event.topic == finopsTopic ? m_finops : m_others;
    ring.events.push_back(std::move(event));
    if (ring.events.size() > kept) {
        ring.lost = ring.events.front().number;
        ring.events.pop_front();
    }
}

void EventFeed::send(const Listener& listener, const Event& event) const {
    if (!listener.topics.contains(event.topic))
        return;
    QByteArray data = event.data;
    const bool ofAnother = !data.isEmpty() && !event.items.empty() &&
                           !listener.instance.isEmpty() &&
                           event.items.front().instance != listener.instance;
    if (ofAnother)
        return;
    if (data.isEmpty()) {
        QStringList ids;
        QStringList instances;
        for (const Item& item : event.items) {
            if (!listener.instance.isEmpty() && item.instance != listener.instance)
                continue;
            ids.append(item.id);
            if (!item.instance.isEmpty() && !instances.contains(item.instance))
                instances.append(item.instance);
        }
        if (ids.isEmpty())
            return;
        JsonWriter json;
        json.beginObject().key("ids").beginArray();
        for (const QString& id : std::as_const(ids))
            json.value(id);
        json.endArray();
        if (event.topic == actionsTopic) {
            json.key("instance_ids").beginArray();
            for (const QString& id : std::as_const(instances))
                json.value(id);
            json.endArray();
        }
        data = json.field("emitted_at", event.at).endObject().take();
    }
    listener.stream->write("id: " + m_origin + '-' + QByteArray::number(event.number) +
                           "\nevent: " + event.name + "\ndata: " + data + "\n\n");
}

std::optional<quint64> EventFeed::numberIn(const QByteArray& lastEventId) const {
    if (!lastEventId.startsWith(m_origin + '-'))
        return std::nullopt;
    bool ok = false;
    const quint64 number = lastEventId.mid(m_origin.size() + 1).toULongLong(&ok);
    if (!ok || number > m_number)
        return std::nullopt;
    return number;
}

std::optional<QByteArray> EventFeed::since(quint64 last, const Ask& ask) const {
    const bool finops = ask.topics.contains(finopsTopic);
    const bool others = !finops || ask.topics.size() > 1;
    if ((finops && last < m_finops.lost) || (others && last < m_others.lost))
        return std::nullopt;
    std::vector<const Event*> events;
    for (const Ring* ring : {&m_finops, &m_others}) {
        for (const Event& event : ring->events) {
            if (event.number > last)
                events.push_back(&event);
        }
    }
    std::ranges::sort(events, {}, &Event::number);
    const Listener probe{std::make_shared<ResponseStream>(mostReplayed), ask.topics,
                         ask.instance.value()};
    for (const Event* event : events) {
        send(probe, *event);
        if (probe.stream->isDropped())
            return std::nullopt;
    }
    return probe.stream->take().bytes;
}

ServerResponse EventFeed::open(const Ask& ask) {
    Listener listener{std::make_shared<ResponseStream>(), ask.topics, ask.instance.value()};
    const auto last = numberIn(ask.lastEventId);
    const std::optional<QByteArray> missed = last ? since(*last, ask) : std::nullopt;
    // Whoever missed something that is no longer kept, or too much, reads everything anew.
    const bool resync = !ask.lastEventId.isEmpty() && !missed;
    JsonWriter hello;
    hello.beginObject().key("topics").beginArray();
    for (const QString& topic : ask.topics)
        hello.value(topic);
    hello.endArray().field("resync", resync);
    hello.field("emitted_at", m_plane.clock().wallNow()).endObject();
    const quint64 from = missed ? *last : m_number;
    listener.stream->write("retry: 2000\nid: " + m_origin + '-' + QByteArray::number(from) +
                           "\nevent: hello\ndata: " + hello.take() + "\n\n");
    if (missed)
        listener.stream->write(*missed);
    ServerResponse response;
    response.contentType = "text/event-stream";
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    response.stream = listener.stream;
    std::erase_if(m_listeners, [](const Listener& each) { return !each.stream->isOpen(); });
    m_listeners.push_back(std::move(listener));
    return response;
}

void EventFeed::keepAlive() {
    std::erase_if(m_listeners,
                  [](const Listener& each) { return !each.stream->write(": keep-alive\n\n"); });
}

void EventFeed::stop() {
    for (const Listener& listener : std::exchange(m_listeners, {}))
        listener.stream->end();
}

} // namespace vigie
