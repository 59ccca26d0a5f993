#include "core/resilience/openwait.h"

#include "core/resilience/circuitoptions.h"

#include <algorithm>
#include <cmath>

namespace vigie {

void OpenWait::relapse(const CircuitOptions& options) {
    m_opened = true;
    // Beyond the cap one more changes nothing but how long it takes to come back.
    if (length(options) < options.maxWaitDurationInOpenState && options.waitDurationFactor > 1)
        ++m_relapses;
}

void OpenWait::openAfter(Duration closedFor, const CircuitOptions& options) {
    if (!m_opened) {
        m_opened = true;
        return;
    }
    const auto spells = std::max<Duration::rep>(closedFor / options.healthySpell, 0);
    if (spells == 0)
        relapse(options);
    else
        m_relapses = static_cast<int>(std::max<Duration::rep>(m_relapses - spells, 0));
}

OpenWait::Duration OpenWait::length(const CircuitOptions& options) const {
    const Duration least = options.waitDurationInOpenState;
    if (m_relapses == 0)
        return least;
    const Duration most = std::max(options.maxWaitDurationInOpenState, least);
    const double grown = double(least.count()) * std::pow(options.waitDurationFactor, m_relapses);
    return grown < double(most.count())
               ? std::max(Duration(static_cast<Duration::rep>(grown)), least)
               : most;
}

} // namespace vigie
