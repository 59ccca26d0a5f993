#pragma once

#include "core/base/clock.h"

#include <QString>

#include <optional>
#include <random>

namespace vigie {

/// How the empty factory misbehaves. The defaults are the seeds' (002): every 3rd request fails
/// after 50 ms, every 5th takes 5 s, any other 150 ms.
struct FaultOptions {
    int failEvery = 3; ///< 0: never
    int slowEvery = 5; ///< 0: never
    Duration failAfter = std::chrono::milliseconds(50);
    Duration slowAfter = std::chrono::seconds(5);
    Duration normalAfter = std::chrono::milliseconds(150);
    int failStatus = 500; ///< 500 or 503
    /// With a seed, a request fails with probability 1/failEvery and is slow with probability
    /// 1/slowEvery, the same sequence for the same seed; without one it goes by strict counting.
    std::optional<quint32> seed;
};

/// Decides what becomes of each request to the mock engine. A request that would both fail and be
/// slow fails, as in the seed, which looks at the third first.
class FaultPlan {
public:
    explicit FaultPlan(FaultOptions options);

    enum class Fate { Normal, Slow, Fail };
    struct Decision {
        Fate fate = Fate::Normal;
        Duration after{};
    };
    /// The fate of the next request; requests count from 1.
    Decision next();

    const FaultOptions& options() const { return m_options; }

private:
    bool hits(int every);

    FaultOptions m_options;
    std::mt19937 m_random;
    quint64 m_requests = 0;
};

} // namespace vigie
