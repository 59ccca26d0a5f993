#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QStringList>

#include <optional>

namespace vigie {

/// What is true of one made-up machine, whoever believes what.
struct SimMachine {
    MachineId id;
    std::size_t place = 0; ///< among all machines there ever were
    InstanceId instance;
    QString zone;
    bool running = true;   ///< the machine itself
    bool agent = true;     ///< its agent beats
    bool model = true;     ///< the model answers requests
    bool reachable = true; ///< beats and probes get through
    bool stubborn = false; ///< a restart does not heal it
    Duration beatEvery{};  ///< 0: each tick
    QString secret;        ///< that it was given at its creation or newest reinstall
    QString tokenHash;     ///< of the token its agent holds; empty: it has to register
    std::optional<MonotonicTime> bootsUntil, heals, flapsAt;
    std::optional<MonotonicTime> struckAt, struckBefore; ///< the two newest faults of its own
    std::optional<MonotonicTime> unreachableSince, lastBeat;
    bool unreachableAlone = true;        ///< it is the only one, not a zone or the world
    bool deniedOnce = false;             ///< a lying provider has said that it does not exist
    std::optional<MonotonicTime> probed; ///< and found serving

    // What the cloud knows of it.
    QStringList tags;
    WallTime createdAt{};
    MonotonicTime listedFrom{};                ///< lists lag behind
    std::optional<MonotonicTime> deletionEnds; ///< its deletion was accepted
    bool gone = false;                         ///< and is over

    bool serves() const { return running && model && !bootsUntil; }
    bool beats() const { return running && agent && reachable && !bootsUntil; }
};

} // namespace vigie
