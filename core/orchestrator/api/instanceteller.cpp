#include "core/orchestrator/api/instanceteller.h"

#include "core/model/instancecodec.h"
#include "core/orchestrator/lifecycle.h"

namespace vigie {

std::optional<double> InstanceTeller::costOf(const FleetEntry& entry) const {
    return costUntil(entry.record, m_plane.clock().wallNow());
}

std::optional<Assessment> InstanceTeller::assessmentOf(const FleetEntry& entry) const {
    std::optional<Assessment> assessment = entry.live.assessment();
    if (assessment && entry.live.lastBeat)
        assessment->heartbeatAge = m_plane.clock().now() - *entry.live.lastBeat;
    return assessment;
}

Instance InstanceTeller::instance(const InstanceId& id) const {
    const FleetEntry& entry = *m_plane.entry(id);
    Instance instance = entry.record.instance;
    instance.totalCost = costOf(entry);
    instance.assessment = assessmentOf(entry);
    return instance;
}

const QByteArray& InstanceTeller::encoded(const InstanceId& id) {
    return encoded(*m_plane.entry(id));
}

const QByteArray& InstanceTeller::encoded(const FleetEntry& entry) {
    if (m_encoded.size() <= entry.place)
        m_encoded.resize(entry.place + 1);
    Encoded& known = m_encoded[entry.place];
    if (known.bytes.isEmpty() || known.revision != entry.revision) {
        writeInstance(m_writer, entry.record.instance, costOf(entry), assessmentOf(entry));
        known = {entry.revision, m_writer.takeCopy()};
    }
    return known.bytes;
}

} // namespace vigie
