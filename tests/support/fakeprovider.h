#pragma once

#include "core/providers/provider.h"

#include <QHash>

namespace vigie {

/// A provider whose machines are what a test says. Each kind of call can be told to fail, once or
/// for as long as the failure stands, before or after it took effect.
class FakeProvider final : public Provider {
public:
    struct Slot {
        Machine machine;
        WorkerBoot boot;
        int reinstalls = 0;
    };
    QHash<MachineId, Slot> byId; ///< deleted machines are no longer in here
    std::optional<Failure> failCreate, failCommand, failDescribe, failLookup, failVolume;
    std::optional<Failure> failVolumeList, failSync, failHasVolume;
    QStringList unlistedVolumes; ///< they exist, and no list shows them
    int syncs = 0;
    std::vector<MachineVolume> looseVolumes; ///< of no machine; deleted ones leave the list
    bool volumeListWorks = false;            ///< failVolume is for deletions alone
    int volumeLists = 0;
    bool createTakesEffect = false; ///< a failing create makes the machine all the same
    bool deleteTakesEffect = true;  ///< false: the machine goes only with finishDeletions()
    bool loopback = true;
    QString providerCode = QStringLiteral("fake");
    Duration lag{};        ///< of its lists, as it says of itself
    bool listsLag = false; ///< they show no machine at all
    int creates = 0, describes = 0, lookups = 0;
    std::vector<MachineCommand> commands;
    QStringList deletedVolumes;
    std::vector<MachineVolume> volumesOfNew; ///< what the next machines are created with

    /// A running machine.
    Slot& add(const QString& id, const QString& address = QStringLiteral("127.0.0.1"));
    void finishDeletions();

    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, CallToken stop) override;
    Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag, CallToken stop) override;
    Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> syncCatalog(CallToken stop) override;
    QString code() const override { return providerCode; }
    Duration listLag() const override { return lag; }
    bool loopbackProbesAllowed() const override { return loopback; }
    std::vector<ProviderZone> zones() const override;
    std::vector<ProviderType> types() const override;
    bool catalogueRead = true;

private:
    QList<MachineId> m_deleting;
};

} // namespace vigie
