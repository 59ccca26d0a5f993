#pragma once

#include "core/providers/scaleway/scalewayprovider.h"
#include "core/providers/scaleway/userdata.h"
#include "tests/support/await.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakescaleway.h"

#include <QTemporaryDir>
#include <QTest>

namespace vigie {

/// A provider over a fake Scaleway, on a clock that stands still.
struct ScalewayFixture {
    static inline const QString zone = QStringLiteral("fr-par-2");
    static inline const QString cluster = QStringLiteral("vigie-cluster:test");

    QTemporaryDir dir;
    FakeScaleway cloud;
    FakeClock clock;
    std::unique_ptr<ScalewayProvider> provider;

    ScalewayFixture() { restart(); }

    ScalewayOptions options() const {
        ScalewayOptions o;
        o.api.instanceUrl = o.api.blockUrl = cloud.url();
        o.api.secretKey = FakeScaleway::secretKey();
        o.api.project = FakeScaleway::project();
        o.api.pageSize = 2;
        o.zones = {zone};
        o.images = {FakeScaleway::image()};
        o.clusterTag = cluster;
        o.userData.templateText = builtInUserData();
        o.userData.modelUrl = QUrl(QStringLiteral("http://127.0.0.1:8000"));
        o.catalogueRetry = std::chrono::seconds(1);
        o.journalFile = dir.filePath(QStringLiteral("creates.json"));
        return o;
    }

    /// As after a crash: only what is in files is known.
    void restart() {
        provider.reset();
        auto opened = ScalewayProvider::open(clock, options());
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        provider = std::move(*opened);
    }

    static CreateMachine wish(const QString& instance = QStringLiteral("i-1")) {
        CreateMachine request;
        request.tag = QStringLiteral("vigie-instance:") + instance;
        request.clusterTag = cluster;
        request.zone = zone;
        request.instanceType = QStringLiteral("L4-1-24G");
        request.boot.instanceId = InstanceId(instance);
        request.boot.controlPlaneUrl = QUrl(QStringLiteral("http://127.0.0.1:1"));
        request.boot.bootstrapSecret = QStringLiteral("s3cret-of-") + instance;
        request.boot.modelId = QStringLiteral("meta/llama-3");
        return request;
    }

    Outcome<Machine> create(CreateMachine request = wish()) {
        return *await(provider->create(std::move(request), {}));
    }
    Outcome<Machine> describe(const MachineId& id) { return *await(provider->describe(id, {})); }
    Outcome<void> command(MachineCommandKind kind, const MachineId& id,
                          std::optional<WorkerBoot> boot = {}) {
        return *await(provider->command({kind, id, std::move(boot)}, {}));
    }
    Outcome<std::vector<Machine>> machines(const QString& tag = cluster) {
        return *await(provider->machines(tag, {}));
    }
    Outcome<std::vector<MachineVolume>> volumes(const QString& tag = cluster) {
        return *await(provider->volumes(tag, {}));
    }
    Outcome<bool> hasVolume(const QString& id) { return *await(provider->hasVolume(id, {})); }
    Outcome<void> deleteVolume(const QString& id) { return *await(provider->deleteVolume(id, {})); }
    FakeScaleway::Server& server(const MachineId& id) {
        return cloud.servers.at(ScalewayId::from(id.value())->uuid);
    }
};

} // namespace vigie
