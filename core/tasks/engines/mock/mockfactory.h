#pragma once

#include "core/tasks/engines/taskengine.h"

#include <random>

namespace vigie {

/// How the empty factory behaves.
struct MockFactoryOptions {
    int failEvery = 3;   ///< every so many-th request fails; 0: none
    int slowEvery = 5;   ///< every so many-th of the others is slow; 0: none
    double failRate = 0; ///< besides, this share of all requests fails, by a die
    quint32 seed = 1;    ///< of the die
    Duration failAfter = std::chrono::milliseconds(50);
    Duration slow = std::chrono::seconds(5);
    Duration normal = std::chrono::milliseconds(150);
};

/// The seeds' empty factory: answers, fails and dawdles by plan, without a model.
class MockFactory final : public TaskEngine {
public:
    MockFactory(Clock& clock, MockFactoryOptions options)
        : m_clock(clock), m_options(options), m_die(options.seed) {}

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override;

    quint64 requests() const { return m_requests; }
    quint64 cancelled() const { return m_cancelled; } ///< of those, ended by their caller

private:
    Clock& m_clock;
    const MockFactoryOptions m_options;
    std::mt19937 m_die;
    quint64 m_requests = 0;
    quint64 m_cancelled = 0;
};

} // namespace vigie
