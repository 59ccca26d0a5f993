#pragma once

#include "core/providers/provider.h"
#include "core/providers/troubledesk.h"

namespace vigie {

/// What the mock cloud knows of one machine and keeps across a restart.
struct MockMachine {
    MachineId id;
    QStringList tags;
    QString zone, instanceType;
    WallTime createdAt{};
    bool running = true;
    bool everReady = false; ///< of this incarnation: a restarted daemon need not boot it again
    bool diskLost = false;
    WorkerBoot boot;
    quint32 seed = 0;   ///< of its figures
    int generation = 0; ///< counts its starts, reboots and reinstalls
};

/// Everything in the mock cloud.
struct MockCloud {
    std::vector<MockMachine> machines;      ///< in order of creation
    std::vector<MachineVolume> leftVolumes; ///< of deleted machines
    /// What it was told to do wrong, for all who share the file, and how often.
    std::optional<ProviderTrouble> told;
    int tellings = 0;
};

QByteArray encodeCloud(const MockCloud& cloud);
/// Malformed, naming the field.
Outcome<MockCloud> decodeCloud(const QByteArray& text);

} // namespace vigie
