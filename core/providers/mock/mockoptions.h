#pragma once

#include "core/base/clock.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace vigie {

/// Which troubles befall simulated machines, and how often. All off by default.
struct MockFaults {
    /// Mean time between two faults in the whole fleet, exponentially distributed; none: no faults.
    std::optional<Duration> every;
    Duration lasts = std::chrono::seconds(90); ///< mean; half to one and a half times of it
    double maxShare = 0.2;                     ///< of the fleet that is in trouble at once
    double hangAtStart = 0; ///< probability that a start gets stuck before it is ready

    // How often each kind is drawn, relative to the others.
    double crash = 3;     ///< the machine stops and stays stopped
    double silent = 2;    ///< nothing answers and nothing beats, then all is well again
    double agentDead = 2; ///< no beats while the model serves, then beats again
    double hung = 2;      ///< beats while the model does not serve, then it serves again
    double vanish = 0.3;  ///< the machine is gone from the provider
};

struct MockProviderOptions {
    QString stateFile; ///< the machines, so that a restarted daemon finds them; 0600
    /// Several processes use the file: it is read anew before each call and locked for each change,
    /// what is changed is noted in "mock-effects.log" beside it, and one of them has the workers.
    bool shared = false;
    quint32 seed = 1;
    Duration latency = std::chrono::milliseconds(200); ///< of each call
    double errorRate = 0;                              ///< share of calls that fail with 503
    double rateLimitRate = 0;                          ///< share of calls that fail with 429
    QStringList outOfStock;                            ///< "zone/type", "zone/*", "*/type"
    double volumeLeakRate = 0; ///< share of deletions that leave the disk behind
    double lostAnswerRate = 0; ///< share of creates that are carried out and not answered
    std::optional<int> quota;  ///< machines there may be
    Duration listLag{};        ///< a new machine is missing from lists so long

    bool simulateWorkers = true;
    Duration heartbeatInterval = std::chrono::seconds(4);
    Duration modelCheckInterval = std::chrono::seconds(2);
    Duration boot = std::chrono::seconds(4);    ///< from created to registered
    Duration install = std::chrono::seconds(3); ///< from registered to the first beat
    Duration load = std::chrono::seconds(5);    ///< from the first beat to ready
    MockFaults faults;
};

} // namespace vigie
