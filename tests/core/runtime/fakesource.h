#pragma once

#include "tests/core/runtime/fakeworld.h"

namespace vigie::test {

class FakeSource final : public Source, public OperationSource {
public:
    FakeSource(Clock& clock, std::shared_ptr<FakeWorld> world)
        : m_clock(clock), m_world(std::move(world)), m_client(clock),
          m_endpoint(clock, m_client, EndpointOptions{}) {}

    Task<Outcome<SourceReading>> poll(std::stop_token stop) override {
        const auto world = m_world;
        ++world->polls;
        world->mostPolling = std::max(world->mostPolling, ++world->polling);
        const bool told = co_await answered(world, stop);
        --world->polling;
        if (!told)
            co_return fail(FailureKind::Cancelled, QStringLiteral("ended"));
        if (world->failure)
            co_return fail(*world->failure);
        SourceReading reading;
        reading.capabilities.instances = true;
        reading.capabilities.actions = true;
        reading.capabilities.assessments = world->judges;
        reading.capabilities.operations = world->operates;
        std::vector<std::shared_ptr<const Instance>> instances;
        for (const Instance& instance : world->instances)
            instances.push_back(std::make_shared<const Instance>(instance));
        reading.instances = std::move(instances);
        reading.actionLog = world->log;
        if (world->clockAhead)
            reading.serverTime = m_clock.wallNow() +
                                 std::chrono::floor<std::chrono::milliseconds>(*world->clockAhead);
        co_return reading;
    }

    Task<Outcome<Inspection>> inspect(InstanceId id, std::stop_token) override {
        ++m_world->inspections;
        if (m_world->failure)
            co_return fail(*m_world->failure);
        Inspection seen;
        seen.instance = id;
        seen.notices << QStringLiteral("look %1").arg(m_world->inspections);
        co_return seen;
    }

    Task<Outcome<QString>> act(Action, InstanceId id, QString reason, QByteArray key,
                               std::stop_token stop) override {
        const auto world = m_world;
        world->keys.push_back(key);
        world->reasons << reason;
        world->mostActing = std::max(world->mostActing, ++world->acting);
        const bool told = co_await answered(world, stop);
        --world->acting;
        if (!told)
            co_return fail(FailureKind::Cancelled, QStringLiteral("ended"));
        if (world->act)
            co_return world->act(id);
        co_return QStringLiteral("accepted");
    }

    const Endpoint& endpoint() const override { return m_endpoint; }

    OperationSource* operations() override { return m_world->operates ? this : nullptr; }
    Task<Outcome<ActionPreview>> plan(Action, std::vector<InstanceId>, std::stop_token) override {
        if (m_world->refusal)
            co_return fail(*m_world->refusal);
        co_return ActionPreview(m_world->preview);
    }
    Task<Outcome<QString>> start(Action, std::vector<InstanceId> ids, QString reason,
                                 QByteArray key, std::stop_token) override {
        m_world->keys.push_back(key);
        m_world->reasons << reason;
        if (m_world->refusal)
            co_return fail(*m_world->refusal);
        m_world->begun = std::move(ids);
        m_world->operation.id = QStringLiteral("there-1");
        co_return QStringLiteral("there-1");
    }
    Task<Outcome<RemoteOperation>> follow(QString, std::optional<command::OperationVerb> verb,
                                          std::stop_token) override {
        ++m_world->follows;
        if (verb)
            m_world->verbs.push_back(*verb);
        if (m_world->failure)
            co_return fail(*m_world->failure);
        co_return RemoteOperation(m_world->operation);
    }

private:
    static Task<bool> answered(std::shared_ptr<FakeWorld> world, std::stop_token stop) {
        if (!world->silent)
            co_return true;
        const Eventual<bool> over;
        world->held.push_back(over);
        const std::stop_callback onStop(stop, [over] { over.resolve(false); });
        const bool told = co_await over;
        co_return told;
    }

    Clock& m_clock;
    std::shared_ptr<FakeWorld> m_world;
    HttpClient m_client;
    Endpoint m_endpoint;
};

/// An engine over fake orchestrators, and every snapshot it published.
class Rig {
public:
    explicit Rig(EngineOptions options = {}) {
        SourceOpener opener;
        opener.open = [this](const SourceConfig& config) -> Outcome<OpenedSource> {
            OpenedSource opened;
            opened.source = std::make_unique<FakeSource>(clock, world(config.id.value()));
            return opened;
        };
        opener.test = [](SourceConfig, std::function<void(QString)> line,
                         std::stop_token) -> Task<> {
            line(QStringLiteral("ok Resolve"));
            line(QStringLiteral("FAILED Connect"));
            co_return;
        };
        engine = std::make_unique<Engine>(
            clock, std::move(options), std::move(opener),
            [this](SnapshotPtr snapshot) { snapshots.push_back(std::move(snapshot)); });
    }

    std::shared_ptr<FakeWorld> world(const QString& source) {
        auto& known = m_worlds[source];
        if (!known)
            known = std::make_shared<FakeWorld>();
        return known;
    }
    void add(const QString& source, Duration interval = std::chrono::seconds(2)) {
        SourceConfig config;
        config.id = SourceId(source);
        config.name = source;
        config.url = QUrl(QStringLiteral("http://%1:8003").arg(source));
        config.interval = interval;
        engine->submit(command::AddSource{config});
    }
    const FleetSnapshot& now() const { return *snapshots.back(); }
    const SourceStatus& source(const QString& id) const { return *now().source(SourceId(id)); }
    const InstanceView& view(const QString& source, const QString& id) const {
        return *now().find(SourceId(source), InstanceId(id));
    }
    bool noted(const QString& what) const {
        return std::ranges::any_of(now().changes,
                                   [&](const ChangeNote& n) { return n.what.contains(what); });
    }

    FakeClock clock;
    std::vector<SnapshotPtr> snapshots;
    std::unique_ptr<Engine> engine;

private:
    std::map<QString, std::shared_ptr<FakeWorld>> m_worlds;
};

inline Instance machine(const QString& id, InstanceStatus status = InstanceStatus::Ready) {
    Instance instance;
    instance.id = InstanceId(id);
    instance.status = status;
    instance.statusText = toString(status);
    instance.providerInstanceId = QStringLiteral("m-") + id;
    instance.providerName = QStringLiteral("mock");
    instance.zone = QStringLiteral("z1");
    return instance;
}

inline Failure broken(const QString& why = QStringLiteral("refused")) {
    return {FailureKind::Network, why, 0, {}, {}, {}};
}

} // namespace vigie::test
