#pragma once

#include "core/providers/provider.h"
#include "core/providers/scaleway/createjournal.h"
#include "core/providers/scaleway/scalewayapi.h"

#include <QSet>

namespace vigie {

/// Servers of one Scaleway project. Nothing is remembered but what is being created; nothing is
/// touched that does not carry the cluster's tag. A machine's id is "<zone>/<uuid>".
class ScalewayProvider final : public Provider {
public:
    static Outcome<std::unique_ptr<ScalewayProvider>> open(Clock& clock, ScalewayOptions options);

    /// The machine is returned stopped: what starts its worker is in place, Start begins it.
    Task<Outcome<Machine>> create(CreateMachine request, std::stop_token stop) override;
    /// Delete goes one step at a time (stop, delete, delete its volumes) and succeeds when the step
    /// was taken; repeat it until describe() says Absent. Reinstall gives the machine a new secret
    /// and reboots it; its worker is installed anew, its disk stays.
    Task<Outcome<void>> command(MachineCommand command, std::stop_token stop) override;
    Task<Outcome<Machine>> describe(MachineId id, CallToken stop) override;

    Task<Outcome<std::vector<Machine>>> machines(QString tag, CallToken stop) override;
    Task<Outcome<std::vector<MachineVolume>>> volumes(QString clusterTag, CallToken stop) override;
    Task<Outcome<bool>> hasVolume(QString volumeId, CallToken stop) override;
    Task<Outcome<void>> deleteVolume(QString volumeId, CallToken stop) override;

    QString code() const override;
    bool loopbackProbesAllowed() const override { return false; }
    QString clusterTag() const override { return m_options.clusterTag; }
    Duration listLag() const override { return m_options.settle; }
    std::vector<ProviderZone> zones() const override;
    /// Empty until Scaleway has told what it sells.
    std::vector<ProviderType> types() const override { return m_types; }
    Task<Outcome<void>> syncCatalog(CallToken stop) override;

    /// Carried by a server whose creation was not finished; create() completes it.
    static const QString unfinishedTag;
    /// Carried by a volume that nobody may delete.
    static const QString keepTag;

private:
    ScalewayProvider(Clock& clock, ScalewayOptions options);

    // scalewaycreate.cpp
    Outcome<QByteArray> refuseOrRender(const CreateMachine& request) const;
    Task<Outcome<Machine>> createOnce(CreateMachine request, QByteArray userData, CallToken stop);
    Task<Outcome<std::optional<ScalewayServer>>> lookUp(CreateMachine request, CallToken stop);
    Task<Outcome<ScalewayServer>> order(CreateMachine request, CallToken stop);
    Task<Outcome<Machine>> complete(ScalewayServer server, QByteArray userData, CallToken stop);
    Task<Outcome<void>> tagVolumes(ScalewayServer server, CallToken stop);

    // scalewaydelete.cpp
    Task<Outcome<void>> deleteStep(ScalewayId id, CallToken stop);
    Task<Outcome<void>> deleteVolumesOf(ScalewayId machine, CallToken stop);
    Task<Outcome<void>> deleteVolume(ScalewayVolumeApi api, ScalewayVolume volume, CallToken stop);

    // scalewayinventory.cpp
    Task<Outcome<std::vector<MachineVolume>>> volumesOf(ScalewayServer server, CallToken stop);
    Machine toMachine(const ScalewayServer& server) const;

    Task<Outcome<ScalewayServer>> ours(ScalewayId id, CallToken stop);
    Task<Outcome<void>> reinstall(ScalewayServer server, WorkerBoot boot, CallToken stop);
    Outcome<void> refuseForeign(const ScalewayServer& server) const;

    // scalewaycatalogue.cpp
    Outcome<void> take(Outcome<std::vector<ProviderType>> types);
    void refreshCatalogueLater(Duration delay);
    Task<> refreshCatalogue(std::stop_token stop);
    Task<Outcome<std::vector<ProviderType>>> readCatalogue(CallToken stop);

    Clock& m_clock;
    ScalewayOptions m_options;
    std::unique_ptr<HttpClient> m_client;
    ScalewayApi m_api;
    CreateJournal m_journal;
    QSet<QString> m_creating; ///< tags
    std::vector<ProviderType> m_types;
    QHash<QString, MachineVolume> m_ourVolumes; ///< seen, by id; they never become somebody else's
    Timer m_nextCatalogue;
    TaskScope m_scope; ///< last: its tasks use the rest
};

/// "vigie-machine:<uuid>": carried by the volumes that were made with a server.
QString scalewayMachineTag(const QString& server);
MachineVolume toMachineVolume(const ScalewayVolume& volume, bool boot);

} // namespace vigie
