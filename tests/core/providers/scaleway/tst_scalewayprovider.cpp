#include "tests/core/providers/scaleway/scalewayfixture.h"

using namespace vigie;

/// What the provider does when Scaleway does what it should.
class TestScalewayProvider : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void createsOneStoppedTaggedMachine();
    void whatIsPartOfAnOrderSaysSo();
    void theSameTagIsTheSameMachine();
    void startStopRebootAreIdempotent();
    void reinstallTakesANewSecret();
    void deletesInTheSafeOrder();
    void aDeletionSparesWhatAPersonAttached();
    void listsAllPages();
    void tellsVolumesOfBothApis();
    void touchesNothingForeign();
    void knowsTheCatalogue();
    void refusesBadIds();
    void refusesWhatCouldBreakOutOfUserData();
};

void TestScalewayProvider::createsOneStoppedTaggedMachine() {
    ScalewayFixture f;
    const auto machine = f.create();
    QVERIFY2(machine, machine ? "" : qPrintable(machine.error().message));
    QVERIFY(machine->state == MachineState::Stopped);
    QVERIFY(!machine->unfinished);
    QCOMPARE(f.cloud.created, 1);
    const auto& server = f.server(machine->id);
    QCOMPARE(machine->address, server.address);
    QCOMPARE(server.tags, QStringList({QStringLiteral("vigie-instance:i-1"), f.cluster}));
    // The sizes of those of the block API are told by that API only.
    QCOMPARE(machine->volumes.size(), 2U);
    for (const MachineVolume& volume : machine->volumes) {
        QCOMPARE(volume.sizeGb, 40);
        QVERIFY(volume.attachedTo == machine->id);
        QVERIFY(volume.tags.contains(f.cluster));
        QVERIFY(volume.tags.contains(scalewayMachineTag(server.id)));
    }
    const auto told = FakeScaleway::workerEnvironment(server.userData);
    QCOMPARE(told.value(QStringLiteral("INSTANCE_ID")), QStringLiteral("i-1"));
    QCOMPARE(told.value(QStringLiteral("WORKER_AUTH_TOKEN")), QStringLiteral("s3cret-of-i-1"));
    QCOMPARE(told.value(QStringLiteral("CONTROL_PLANE_URL")), QStringLiteral("http://127.0.0.1:1"));
    QCOMPARE(told.value(QStringLiteral("MODEL_ID")), QStringLiteral("meta/llama-3"));
    QVERIFY(!server.userData.contains('@'));
    // Secrets are in the user-data and nowhere else.
    for (const FaultyRequest& request : f.cloud.requests()) {
        if (!request.target.contains("user_data"))
            QVERIFY(!request.body.contains("s3cret"));
        QVERIFY(!request.target.contains("s3cret"));
    }
}

void TestScalewayProvider::whatIsPartOfAnOrderSaysSo() {
    ScalewayFixture f;
    CreateMachine wanted = f.wish();
    wanted.boot.correlationId = QStringLiteral("order-7");
    const auto before = f.cloud.requests().size();
    const MachineId id = f.create(wanted)->id;
    const auto created = f.cloud.requests().mid(before);
    QVERIFY(created.size() > 2);
    for (const FaultyRequest& request : created)
        QCOMPARE(request.header("X-Correlation-Id"), QByteArray("order-7"));
    const auto middle = f.cloud.requests().size();
    QVERIFY(*await(f.provider->command(
        {MachineCommandKind::Start, id, std::nullopt, QStringLiteral("order-8")}, {})));
    for (const FaultyRequest& request : f.cloud.requests().mid(middle))
        QCOMPARE(request.header("X-Correlation-Id"), QByteArray("order-8"));
    const auto last = f.cloud.requests().size();
    QVERIFY(f.describe(id));
    for (const FaultyRequest& request : f.cloud.requests().mid(last))
        QVERIFY(request.header("X-Correlation-Id").isEmpty());
}

void TestScalewayProvider::theSameTagIsTheSameMachine() {
    ScalewayFixture f;
    const auto first = f.create();
    auto again = f.wish();
    again.boot.bootstrapSecret = QStringLiteral("second");
    const auto second = f.create(again);
    QVERIFY(first && second);
    QVERIFY(first->id == second->id);
    QCOMPARE(f.cloud.created, 1);
    QVERIFY(f.server(first->id).userData.contains("second")); // the only one that is valid now
}

void TestScalewayProvider::startStopRebootAreIdempotent() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    using enum MachineCommandKind;
    for (int i = 0; i < 2; ++i) {
        QVERIFY(f.command(Start, id));
        QVERIFY(f.describe(id)->state == MachineState::Running);
    }
    QVERIFY(f.command(Reboot, id));
    QVERIFY(f.describe(id)->state == MachineState::Running);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(f.command(Stop, id));
        QVERIFY(f.describe(id)->state == MachineState::Stopped);
    }
    QCOMPARE(f.cloud.requestsLike("POST", "/action"), 3);
    f.server(id).state = QStringLiteral("stopped in place");
    QVERIFY(f.describe(id)->state == MachineState::Stopped);
    f.server(id).state = QStringLiteral("locked");
    QVERIFY(f.describe(id)->state == MachineState::Unknown);
}

void TestScalewayProvider::reinstallTakesANewSecret() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    QVERIFY(f.command(MachineCommandKind::Start, id));
    WorkerBoot boot = f.wish().boot;
    boot.bootstrapSecret = QStringLiteral("rotated");
    QVERIFY(!f.command(MachineCommandKind::Reinstall, id)); // without a secret
    QVERIFY(f.command(MachineCommandKind::Reinstall, id, boot));
    QVERIFY(f.server(id).userData.contains("rotated"));
    QCOMPARE(f.cloud.requests().last().body, QByteArray(R"({"action":"reboot"})"));
}

void TestScalewayProvider::deletesInTheSafeOrder() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    const QString uuid = ScalewayId::from(id.value())->uuid;
    QVERIFY(f.command(MachineCommandKind::Start, id));
    f.cloud.statesLag = true;
    f.cloud.settleStates();
    QVERIFY(f.command(MachineCommandKind::Delete, id)); // switches it off
    QVERIFY(f.command(MachineCommandKind::Delete, id)); // is stopping: waits
    QVERIFY(f.cloud.deletedServers.isEmpty());
    f.cloud.settleStates();
    QVERIFY(f.command(MachineCommandKind::Delete, id)); // deletes the server
    QCOMPARE(f.cloud.deletedServers, QStringList{uuid});
    QVERIFY(f.cloud.deletedVolumes.isEmpty());
    QVERIFY(f.describe(id)->state == MachineState::Absent);
    QVERIFY(f.command(MachineCommandKind::Delete, id)); // its volumes
    QVERIFY(f.command(MachineCommandKind::Delete, id)); // nothing any more
    QVERIFY(f.cloud.servers.empty());
    QVERIFY(f.cloud.volumes.empty());
}

void TestScalewayProvider::aDeletionSparesWhatAPersonAttached() {
    ScalewayFixture f;
    const MachineId id = f.create()->id;
    auto& theirs = f.cloud.addVolume(f.zone, true, {});
    theirs.server = ScalewayId::from(id.value())->uuid;
    f.server(id).volumes.append(theirs.id);
    QCOMPARE(f.describe(id)->volumes.size(), 2U);
    auto& kept = f.cloud.volumes.at(f.server(id).volumes.first());
    kept.tags.append(ScalewayProvider::keepTag);
    for (int i = 0; i < 3; ++i)
        QVERIFY(f.command(MachineCommandKind::Delete, id));
    QCOMPARE(f.cloud.deletedVolumes.size(), 1);
    QCOMPARE(f.cloud.volumes.size(), 2U);
    QVERIFY(f.cloud.volumes.contains(theirs.id));
    QVERIFY(f.cloud.volumes.contains(kept.id));
    const auto refused = f.deleteVolume(f.zone + QLatin1Char('/') + kept.id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("not_ours"));
}

void TestScalewayProvider::listsAllPages() {
    ScalewayFixture f;
    for (int i = 0; i < 5; ++i)
        f.cloud.addServer(f.zone, {f.cluster});
    f.cloud.addServer(f.zone, {QStringLiteral("somebody-else")});
    f.cloud.addServer(QStringLiteral("nl-ams-1"), {f.cluster}); // a zone that is not configured
    QCOMPARE(f.machines()->size(), 5U);
    QCOMPARE(f.machines(QString())->size(), 6U);
    QCOMPARE(f.machines(QStringLiteral("nobody"))->size(), 0U);
    for (int i = 0; i < 5; ++i)
        f.cloud.addVolume(f.zone, true, {f.cluster});
    QCOMPARE(f.volumes()->size(), 5U);
}

void TestScalewayProvider::tellsVolumesOfBothApis() {
    ScalewayFixture f;
    const auto block = f.cloud.addVolume(f.zone, true, {f.cluster}).id;
    const auto local = f.cloud.addVolume(f.zone, false, {f.cluster}).id;
    const auto foreign = f.cloud.addVolume(f.zone, true, {}).id;
    QCOMPARE(f.volumes()->size(), 2U);
    QCOMPARE(f.volumes(QString())->size(), 3U);
    for (const QString& id : {block, local}) {
        QVERIFY(f.hasVolume(f.zone + QLatin1Char('/') + id).value());
        QVERIFY(f.deleteVolume(f.zone + QLatin1Char('/') + id));
        QVERIFY(!f.hasVolume(f.zone + QLatin1Char('/') + id).value());
    }
    QVERIFY(!f.hasVolume(QStringLiteral("rubbish")));
    QVERIFY(f.deleteVolume(f.zone + QLatin1Char('/') + local)); // gone: that is what was wanted
    QVERIFY(!f.deleteVolume(f.zone + QLatin1Char('/') + foreign));
    QCOMPARE(f.cloud.deletedVolumes.size(), 2);
}

void TestScalewayProvider::touchesNothingForeign() {
    ScalewayFixture f;
    auto& theirs = f.cloud.addServer(f.zone, {QStringLiteral("vigie-cluster:another")});
    theirs.state = QStringLiteral("running");
    const MachineId id = ScalewayId{f.zone, theirs.id}.machine();
    using enum MachineCommandKind;
    for (const auto kind : {Start, Stop, Reboot, Reinstall, Delete}) {
        const auto refused = f.command(kind, id, f.wish().boot);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, QStringLiteral("not_ours"));
    }
    QCOMPARE(f.cloud.requestsLike("POST", ""), 0);
    QCOMPARE(f.cloud.requestsLike("PATCH", ""), 0);
    QCOMPARE(f.cloud.requestsLike("DELETE", ""), 0);
    auto wish = f.wish();
    wish.clusterTag = QStringLiteral("vigie-cluster:another");
    QVERIFY(!f.create(wish));
}

void TestScalewayProvider::knowsTheCatalogue() {
    ScalewayFixture f;
    QVERIFY(f.provider->types().empty());
    f.cloud.trouble({"GET", "/products", scalewayfaults::error(503, "down"), false, 1});
    f.clock.advance(Duration::zero());
    QTRY_VERIFY(!f.cloud.troubleLeft());
    QTRY_VERIFY((f.clock.advance(std::chrono::milliseconds(100)), !f.provider->types().empty()));
    const auto types = f.provider->types();
    QCOMPARE(types.size(), 2U);
    const auto gpu = std::ranges::find(types, QStringLiteral("L4-1-24G"), &ProviderType::name);
    QVERIFY(gpu != types.end());
    QCOMPARE(gpu->costPerHour, 0.75);
    QCOMPARE(gpu->cpuCount, 8);
    QCOMPARE(gpu->ramGb, 48);
    QCOMPARE(gpu->gpuCount, 1);
    QCOMPARE(gpu->gpuVramGb, 24);
    QCOMPARE(gpu->stock.value(f.zone), QStringLiteral("available"));
    QCOMPARE(f.provider->zones().front().region, QStringLiteral("fr-par"));
}

void TestScalewayProvider::refusesBadIds() {
    ScalewayFixture f;
    for (const char* id : {"", "fr-par-2", "fr-par-2/", "../x/00000000-0000-0000-0000-000000000000",
                           "fr-par-2/00000000-0000-0000-0000-00000000000Z",
                           "fr-par-2/00000000-0000-0000-0000-000000000000/action"}) {
        const auto described = f.describe(MachineId(QString::fromLatin1(id)));
        QVERIFY(!described);
        QVERIFY(described.error().kind == FailureKind::Invalid);
        QVERIFY(!f.deleteVolume(QString::fromLatin1(id)));
    }
    QVERIFY(f.cloud.requests().isEmpty());
}

void TestScalewayProvider::refusesWhatCouldBreakOutOfUserData() {
    ScalewayFixture f;
    for (const char* model : {"a\nWORKER_ENV\nreboot", "a'b", "$(reboot)", "`x`", "a b"}) {
        auto wish = f.wish();
        wish.boot.modelId = QString::fromUtf8(model);
        const auto refused = f.create(wish);
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == FailureKind::Invalid);
    }
    QCOMPARE(f.cloud.created, 0);
}

QTEST_GUILESS_MAIN(TestScalewayProvider)
#include "tst_scalewayprovider.moc"
