#include "core/telemetry/successwindow.h"

#include <algorithm>

namespace vigie {

SuccessWindow::SuccessWindow(SuccessWindowOptions options) : m_options(options) {
    m_options.size = std::max<std::size_t>(m_options.size, 1);
    m_options.minimum = std::clamp<std::size_t>(m_options.minimum, 1, m_options.size);
    m_failed.resize(m_options.size);
}

std::optional<SuccessWindow::Change> SuccessWindow::record(bool success) {
    const bool before = alerting();
    m_failures -= m_failed[m_next]; // zero until the ring is full
    m_failed[m_next] = success ? 0 : 1;
    m_failures += m_failed[m_next];
    m_next = (m_next + 1) % m_options.size;
    m_count = std::min(m_count + 1, m_options.size);
    ++m_total;
    if (alerting() == before)
        return {};
    return before ? Change::Cleared : Change::Raised;
}

std::optional<double> SuccessWindow::rate() const {
    if (m_count == 0)
        return {};
    return static_cast<double>(m_count - m_failures) / static_cast<double>(m_count);
}

bool SuccessWindow::alerting() const {
    return m_count >= m_options.minimum && *rate() < m_options.threshold;
}

} // namespace vigie
