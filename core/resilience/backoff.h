#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace vigie {

/// How the waits between attempts grow and how they are spread out.
struct BackoffOptions {
    enum class Growth {
        Fixed,       ///< always `first`
        Linear,      ///< first * (n + 1)
        Exponential, ///< first * factor^n
    };
    enum class Jitter {
        None,
        Share,        ///< uniform in delay * (1 -+ share)
        Full,         ///< uniform in [0, delay]
        Decorrelated, ///< uniform in [first, 3 * the wait before]; `growth` and `factor` are unused
    };
    Growth growth = Growth::Exponential;
    std::chrono::nanoseconds first = std::chrono::milliseconds(500);
    double factor = 2;                                       ///< >= 1
    std::chrono::nanoseconds max = std::chrono::seconds(10); ///< no wait is ever longer
    Jitter jitter = Jitter::Share;
    double share = 0.1; ///< for Jitter::Share, in [0, 1]

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// The waits of one run of retries, one after the other. Full and decorrelated jitter are those of
/// Brooker, "Exponential Backoff And Jitter" (AWS, 2015). Not synchronised: one per run.
class Backoff {
public:
    /// Equal seeds give equal waits. Options out of range are brought into it.
    Backoff(const BackoffOptions& options, std::uint64_t seed);

    /// The next wait: never negative, never above `max`.
    std::chrono::nanoseconds next();

private:
    double uniform(double low, double high);

    BackoffOptions m_options;
    std::uint64_t m_random;
    double m_previous; ///< nanoseconds; the wait before, without jitter unless decorrelated
    bool m_started = false;
};

} // namespace vigie
