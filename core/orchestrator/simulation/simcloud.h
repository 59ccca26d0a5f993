#pragma once

#include "core/orchestrator/simulation/simworld.h"
#include "core/store/store.h"

namespace vigie {

/// The cloud that has the machines of a SimWorld: carries out what its API accepts, each deletion
/// in its own time, and keeps account of the volumes. Whether a call gets through at all is the
/// SimProvider's.
class SimCloud {
public:
    static constexpr Duration longestListLag = std::chrono::seconds(20);

    SimCloud(SimWorld& world, Clock& clock);

    /// Lets deletions end that are due.
    void live();

    /// Another one each time, as real clouds do: nobody else keeps an instance from having two.
    Outcome<Machine> create(const CreateMachine& request);
    Outcome<void> execute(const MachineCommand& command);
    /// One that is being deleted is stopped until it is absent.
    Machine describe(const MachineId& id);
    std::vector<Machine> machines(const QString& tag);
    std::vector<MachineVolume> volumes(const QString& tag);
    bool hasVolume(const QString& id) const;
    /// Conflict while it is attached.
    Outcome<void> deleteVolume(const QString& id);

    /// The rows of a store that knows of this machine's volumes.
    std::vector<Volume> volumesOf(const SimMachine& machine) const;

    /// Told of every command that touches a machine, before it does.
    std::function<void(const SimMachine&, MachineCommandKind)> onCommand;

    /// What the volumes came to: those that nobody wants for longer than `grace` and that still
    /// exist, of machines that are gone or that `wanted` does not know; what all of them cost
    /// between the end of their machine and their own; and deletions that were asked for of
    /// volumes that are in use, not ours or to be kept.
    struct Account {
        int leaked = 0, wronglyDeleted = 0;
        double costOfLeaks = 0; ///< EUR
    };
    Account account(Duration grace, const std::function<bool(const SimMachine&)>& wanted) const;

private:
    struct Disk {
        MachineVolume told;
        MonotonicTime madeAt{};
        std::optional<MonotonicTime> freeSince, deletedAt;
    };

    void begin(SimMachine& machine, const QString& cluster);
    Machine tell(const SimMachine& machine) const;
    void addDisk(const SimMachine* machine, const QString& name, int sizeGb, QStringList tags);
    void end(SimMachine& machine);

    SimWorld& m_world;
    Clock& m_clock;
    std::vector<Disk> m_disks;
    QHash<QString, std::size_t> m_diskPlaces;
    QHash<MachineId, std::vector<std::size_t>> m_disksOf;
    std::vector<std::size_t> m_deleting; ///< places of machines
    int m_wronglyDeleted = 0;
};

} // namespace vigie
