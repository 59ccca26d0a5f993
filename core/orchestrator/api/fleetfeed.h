#pragma once

#include "core/base/eventual.h"
#include "core/base/task.h"
#include "core/http/httpserver.h"
#include "core/orchestrator/api/instanceteller.h"
#include "core/orchestrator/controlplane.h"

#include <QHash>

#include <functional>
#include <optional>
#include <vector>

namespace vigie {

/// The parts of /fleet that no instance's revision covers, as JSON. `mark` changes when something
/// in them should wake a waiting call (a breaker's state, not its call count).
struct FleetSides {
    QByteArray breakers = "[]", jobs = "[]", alerts = "[]", automation = "{}";
    QByteArray mark;
};

/// GET /fleet: one consistent snapshot, or what changed since a cursor. All callers at the same
/// revision share one body.
class FleetFeed {
public:
    FleetFeed(ControlPlane& plane, InstanceTeller& teller, const QString& storeName,
              std::function<FleetSides()> sides);

    struct Ask {
        QByteArray since, ifNoneMatch; ///< as they came; empty: not sent
        Duration wait{};               ///< how long to hold the call while nothing changes
    };
    Task<ServerResponse> answer(Ask ask, std::stop_token stop);

    /// How many calls are being held.
    int waiting() const { return static_cast<int>(m_waiters.size()); }

private:
    struct Cursor {
        quint64 revision = 0;
        QByteArray mark;
    };
    struct Body {
        std::shared_ptr<const ResponseBody> shared;
        MonotonicTime builtAt{};
    };

    QByteArray encodeCursor(const Cursor& cursor) const;
    std::optional<Cursor> decodeCursor(const QByteArray& text) const;
    bool changedSince(const Cursor& cursor) const;
    Task<> untilChanged(Cursor cursor, Duration wait, std::stop_token stop);
    std::shared_ptr<const ResponseBody> body(const std::optional<Cursor>& since, const Cursor& here,
                                             const FleetSides& sides, const QByteArray& sidesHash);
    ResponseBody build(const std::optional<Cursor>& since, const Cursor& here,
                       const FleetSides& sides);
    void wakeAll();

    ControlPlane& m_plane;
    Clock& m_clock;
    InstanceTeller& m_teller;
    QByteArray m_origin; // store and epoch, hashed: what makes a cursor ours
    std::function<FleetSides()> m_sides;
    QHash<QByteArray, Body> m_bodies;
    QByteArray m_bodiesState;
    Timer m_forgetBodies; ///< they are large, and nobody takes an old one
    std::vector<Eventual<bool>> m_waiters;
    ControlPlane::Subscription m_subscription;
};

} // namespace vigie
