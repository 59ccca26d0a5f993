#include "core/orchestrator/api/instanceteller.h"

#include "core/model/instancecodec.h"
#include "core/orchestrator/lifecycle.h"

namespace vigie {

Instance InstanceTeller::told(const FleetEntry& entry) const {
    Instance instance = entry.record.instance;
    instance.totalCost = costUntil(entry.record, m_plane.clock().wallNow());
    instance.assessment = entry.live.assessment();
    if (instance.assessment && entry.live.lastBeat)
        instance.assessment->heartbeatAge = m_plane.clock().now() - *entry.live.lastBeat;
    return instance;
}

Instance InstanceTeller::instance(const InstanceId& id) const {
    return told(*m_plane.entry(id));
}

const QByteArray& InstanceTeller::encoded(const InstanceId& id) {
    return encoded(*m_plane.entry(id));
}

const QByteArray& InstanceTeller::encoded(const FleetEntry& entry) {
    if (m_encoded.size() <= entry.place)
        m_encoded.resize(entry.place + 1);
    Encoded& known = m_encoded[entry.place];
    if (known.bytes.isEmpty() || known.revision != entry.revision) {
        writeInstance(m_writer, told(entry));
        known = {entry.revision, m_writer.takeCopy()};
    }
    return known.bytes;
}

} // namespace vigie
