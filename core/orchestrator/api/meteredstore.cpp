#include "core/orchestrator/api/meteredstore.h"

namespace vigie {

Task<Outcome<void>> MeteredStore::commit(ChangeSet changes) {
    const MonotonicTime began = m_clock.now();
    ChangeSet told;
    if (m_told) {
        told.history = changes.history;
        told.logStarts = changes.logStarts;
        told.volumes = changes.volumes;
    }
    const bool finops = !changes.finops.empty();
    Outcome<void> result = co_await m_inner->commit(std::move(changes));
    m_latency.record(m_clock.now() - began, m_clock.now());
    if (result)
        ++m_figures.committed;
    else if (result.error().kind == FailureKind::Conflict)
        ++m_figures.conflicts;
    else
        ++m_figures.failed;
    if (result && m_told)
        m_told(told);
    if (result && m_finops && finops)
        m_finops();
    co_return result;
}

} // namespace vigie
