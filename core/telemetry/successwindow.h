#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vigie {

/// When a SuccessWindow alerts.
struct SuccessWindowOptions {
    std::size_t size = 100;   ///< the last so many outcomes count; at least 1
    std::size_t minimum = 20; ///< fewer say nothing; at most `size`
    double threshold = 0.95;  ///< a lower rate alerts; 0 to 1
};

/// The success rate over the last N outcomes, exact after each of them, and whether it is below the
/// threshold. A plain value, not synchronised; memory is one byte an outcome.
class SuccessWindow {
public:
    explicit SuccessWindow(SuccessWindowOptions options = {});

    enum class Change { Raised, Cleared };
    /// Counts one outcome; tells when the alert begins or ends with it.
    std::optional<Change> record(bool success);

    std::size_t count() const { return m_count; } ///< of outcomes in the window
    std::size_t failures() const { return m_failures; }
    std::uint64_t total() const { return m_total; } ///< since the start
    std::optional<double> rate() const;             ///< nothing before the first outcome
    bool alerting() const;
    const SuccessWindowOptions& options() const { return m_options; }

private:
    SuccessWindowOptions m_options;
    std::vector<std::uint8_t> m_failed; ///< a ring; m_next is the oldest once it is full
    std::size_t m_next = 0;
    std::size_t m_count = 0;
    std::size_t m_failures = 0;
    std::uint64_t m_total = 0;
};

} // namespace vigie
