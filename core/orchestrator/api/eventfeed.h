#pragma once

#include "core/http/httpserver.h"
#include "core/orchestrator/controlplane.h"

#include <QHash>
#include <QStringList>

#include <deque>
#include <memory>
#include <vector>

namespace vigie {

/// GET /events/stream: tells those who listen what changed, as server-sent events. Heartbeats alone
/// are no news. The last events are kept, so that who comes back with Last-Event-ID misses nothing;
/// who reads too slowly is dropped, and comes back.
class EventFeed {
public:
    explicit EventFeed(ControlPlane& plane);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    /// What one can listen to.
    static QStringList topics();

    struct Ask {
        QStringList topics;
        InstanceId instance;    ///< empty: all
        QByteArray lastEventId; ///< as it came; empty: not sent
    };
    ServerResponse open(const Ask& ask);

    /// Entries of the action log that were begun.
    void logged(const std::vector<ActionLog>& entries);
    /// An event of any topic; `data` is a JSON object without line breaks. Who listens to another
    /// instance than `of` does not hear it; empty: everybody does.
    void publish(const QString& topic, const QByteArray& name, const QByteArray& data,
                 const InstanceId& of = {});
    /// Things of any topic that changed, by their ids; told to those who listen to all instances.
    void told(const QString& topic, const QByteArray& name, const QStringList& ids);

    /// Ends all streams.
    void stop();
    int listeners() const { return static_cast<int>(m_listeners.size()); }

    static constexpr Duration keepAliveEvery = std::chrono::seconds(15);
    /// Changes gather this long.
    static constexpr Duration gatherFor = std::chrono::milliseconds(250);
    static constexpr size_t kept = 1024; ///< of finops, and of all others

private:
    struct Item {
        QString id; ///< of the instance, or of the log entry
        QString instance;
    };
    struct Event {
        quint64 number = 0;
        QString topic;
        QByteArray name, data; ///< data: ready, or empty and made of the items
        std::vector<Item> items;
        WallTime at{};
    };
    /// The last events.
    struct Ring {
        std::deque<Event> events;
        quint64 lost = 0; ///< number of the newest that is no longer kept
    };
    struct Listener {
        std::shared_ptr<ResponseStream> stream;
        QStringList topics;
        QString instance;
    };
    /// What makes a change of an instance one that is told.
    struct Mark {
        qint64 version = 0;
        std::optional<Verdict> verdict;
        bool operator==(const Mark&) const = default;
    };

    void changed();
    void gather();
    static Mark markOf(const FleetEntry& entry);
    void append(Event event);
    void send(const Listener& listener, const Event& event) const;
    /// All that came after `last`, as it is sent; nothing when some is lost or it is too much.
    std::optional<QByteArray> since(quint64 last, const Ask& ask) const;
    void keepAlive();
    std::optional<quint64> numberIn(const QByteArray& lastEventId) const;

    ControlPlane& m_plane;
    const QByteArray m_origin; ///< of the numbers: another daemon's mean nothing here
    QHash<InstanceId, Mark> m_marks;
    quint64 m_gathered = 0; ///< the revision up to which changes were told
    quint64 m_number = 0;
    Ring m_finops, m_others; ///< a burst of the one does not push out the other
    std::vector<Listener> m_listeners;
    ControlPlane::Subscription m_subscription;
    Timer m_gathering;
    Ticker m_keepAlive;
};

} // namespace vigie
