#include "core/orchestrator/api/instanceteller.h"

#include "core/model/instancecodec.h"
#include "core/orchestrator/lifecycle.h"

namespace vigie {

Instance InstanceTeller::instance(const InstanceId& id) const {
    Instance instance = m_plane.find(id)->instance;
    instance.totalCost = costUntil(instance, m_plane.clock().wallNow());
    const LiveState* live = m_plane.live(id);
    instance.assessment = live ? live->assessment() : std::nullopt;
    if (instance.assessment && live->lastBeat)
        instance.assessment->heartbeatAge = m_plane.clock().now() - *live->lastBeat;
    return instance;
}

const QByteArray& InstanceTeller::encoded(const InstanceId& id) {
    Encoded& known = m_encoded[id];
    const quint64 revision = m_plane.revisionOf(id);
    if (known.bytes.isEmpty() || known.revision != revision)
        known = {revision, encodeInstance(instance(id))};
    return known.bytes;
}

} // namespace vigie
