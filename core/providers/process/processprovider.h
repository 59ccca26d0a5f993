#pragma once

#include "core/providers/process/machineslots.h"
#include "core/providers/provider.h"

#include <QSet>

#include <memory>

namespace vigie {

struct ProcessProviderOptions {
    QString root;          ///< directory of all machines
    QString workerProgram; ///< absolute path of vigie-worker
    QString workerEngine = QStringLiteral("mock");
    Duration heartbeatInterval = std::chrono::seconds(4);
    int simulateGpuCount = 1;
    int simulateGpuVramMb = 24576;
    Duration stopLimit = std::chrono::seconds(5); ///< SIGTERM, and SIGKILL when it passed
};

/// Machines that are processes: each has a slot directory with a real vigie-worker in it. Nothing
/// is kept in memory but what must not happen twice at once, so that a restarted daemon, or a
/// person with rm and kill, finds and makes the same truth.
class ProcessProvider final : public Provider {
public:
    static Outcome<std::unique_ptr<ProcessProvider>> open(Clock& clock,
                                                          ProcessProviderOptions options);

    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, CallToken stop) override;

    Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag, CallToken stop) override;
    Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) override;

    QString code() const override;
    bool loopbackProbesAllowed() const override { return true; }
    std::vector<ProviderZone> zones() const override;
    std::vector<ProviderType> types() const override;

private:
    ProcessProvider(Clock& clock, ProcessProviderOptions options);

    /// Why such a machine can't be had here, for good.
    std::optional<Failure> refusal(const CreateMachine& request) const;
    Task<Outcome<Machine>> completeCreate(SlotRecord slot, CreateMachine request,
                                          std::stop_token stop);
    Outcome<Machine> describeNow(const MachineId& id);
    Machine toMachine(const SlotRecord& slot, MachineState state) const;
    MachineVolume rootVolume(const SlotRecord& slot) const;
    Outcome<MachineState> stateOf(const SlotRecord& slot);

    Task<Outcome<void>> execute(MachineCommand command, std::stop_token stop);
    Task<Outcome<void>> remove(MachineId id, std::stop_token stop);
    /// A fresh disk, a new secret, a new process. Precondition: none runs.
    Outcome<void> installStopped(SlotRecord slot, const WorkerBoot& boot);
    /// Starts the worker unless it runs already.
    Outcome<void> startProcess(const SlotRecord& slot);
    Task<Outcome<void>> stopProcess(MachineId id, std::stop_token stop);
    /// The slot's process, also one whose start was never recorded because we crashed.
    Outcome<std::optional<ProcessIdentity>> runningProcess(const MachineId& id);
    QByteArray mark(const MachineId& id) const;
    SpawnRequest spawnRequest(const SlotRecord& slot) const;
    void reapChildren();

    Clock& m_clock;
    ProcessProviderOptions m_options;
    MachineSlots m_slots;
    QSet<MachineId> m_busy; ///< a command is under way
    std::vector<ProcessIdentity> m_children;
    Ticker m_reaper;
};

} // namespace vigie
