#pragma once

#include "core/providers/mock/cloudlock.h"
#include "core/providers/mock/mockoptions.h"
#include "core/providers/mock/simulatedworker.h"
#include "core/providers/troubledesk.h"

#include <map>
#include <memory>

namespace vigie {

/// The machines of the mock cloud and, when asked for, their workers and troubles. Survives a
/// restart through one small file.
class MockFleet {
public:
    /// Storage or Malformed, naming the file, when there is one that can't be read.
    static Outcome<std::unique_ptr<MockFleet>> open(Clock& clock, MockProviderOptions options);
    ~MockFleet();
    MockFleet(const MockFleet&) = delete;
    MockFleet& operator=(const MockFleet&) = delete;

    /// Reads anew what others may have changed; only a file that is shared.
    Outcome<void> refresh();
    /// For all who share the file.
    Outcome<void> tell(const ProviderTrouble& trouble);
    const std::optional<ProviderTrouble>& told() const { return m_cloud.told; }
    int tellings() const { return m_cloud.tellings; }
    const std::vector<MockMachine>& machines() const { return m_cloud.machines; }
    const MockMachine* find(const MachineId& id) const;
    std::vector<MachineVolume> volumes() const;

    /// All of these are durable when they return; a failure is Storage. Ids must exist.
    Outcome<MockMachine> add(const CreateMachine& request);
    Outcome<void> start(const MachineId& id);
    Outcome<void> stop(const MachineId& id);
    Outcome<void> reboot(const MachineId& id);
    Outcome<void> reinstall(const MachineId& id, const WorkerBoot& boot);
    Outcome<void> remove(const MachineId& id);
    Outcome<void> removeLeftVolume(const QString& volumeId);

    /// Lets a fault befall a running machine; it ends by itself after `lasts`, if that kind does.
    void inject(const MachineId& id, MockFault fault, Duration lasts);
    /// What a person or a cloud does without asking. NotFound for what does not exist; Storage.
    Outcome<void> befall(const ProviderMishap& mishap, const QString& clusterTag);
    MockFault faultOf(const MachineId& id) const;
    /// Null when the machine has no worker now.
    const SimulatedWorker* workerOf(const MachineId& id) const;
    MockDice& dice() { return m_dice; }
    void setVolumeLeakRate(double rate) { m_options.volumeLeakRate = rate; }

private:
    struct Life {
        std::unique_ptr<SimulatedWorker> worker;
        int generation = 0;
        MockFault fault = MockFault::None;
        Timer faultEnds;
    };

    MockFleet(Clock& clock, MockProviderOptions options);
    void drop(const MockMachine& machine);
    Outcome<void> load();
    /// The sole right to change the cloud, which is read anew; nothing to hold when nobody shares.
    Outcome<std::optional<CloudLock>> enter();
    /// The machine, after enter(); NotFound when another process removed it meanwhile.
    Outcome<MockMachine*> enterFor(const MachineId& id, std::optional<CloudLock>& lock);
    Outcome<void> begun(const char* effect, MockMachine& machine);
    void note(const char* effect, const QString& machine, const QString& tag) const;
    /// Brings and ends workers as the machines want; with a shared file only in one process.
    void host();
    Outcome<void> save() const;
    MockMachine& at(const MachineId& id);
    void serve(const ServerRequest& request, HttpServer::Respond respond);
    /// Makes the machine's worker anew; `fresh`: through all stages of a start.
    void bring(const MockMachine& machine, bool fresh);
    void endFault(const MachineId& id);
    void armNextFault();
    void befallSomeone();

    Clock& m_clock;
    MockProviderOptions m_options;
    MockDice m_dice;
    MockCloud m_cloud;
    std::unique_ptr<HttpClient> m_client; ///< null without simulated workers
    std::unique_ptr<HttpServer> m_server;
    std::map<MachineId, Life> m_lives;
    Timer m_nextFault;
    std::optional<CloudLock> m_hosting; ///< of a shared file: the workers are ours
    std::unique_ptr<Ticker> m_hostTicker;
};

} // namespace vigie
