#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/secrets.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakeprovider.h"
#include "tests/support/memorystore.h"

#include <QtGlobal>

#include <optional>

namespace vigie {

/// The result of a task whose awaits are all answered at once.
template <typename T>
T finishedTask(Task<T> task) {
    std::optional<T> result;
    TaskScope scope;
    scope.spawn([](Task<T> awaited, std::optional<T>& out) -> Task<> {
        T value = co_await awaited;
        out.emplace(std::move(value));
    }(std::move(task), result));
    if (!result)
        qFatal("the task waits for something");
    return std::move(*result);
}
inline void finishedTask(Task<> task) {
    TaskScope scope;
    scope.spawn(std::move(task));
    if (!scope.idle())
        qFatal("the task waits for something");
}

/// A control plane on a fake clock, store and provider, with all that a job is built from.
struct ControlFixture {
    FakeClock clock;
    MemoryStore store;
    FakeProvider provider;
    ControlPlane plane{clock, store};
    HttpClient http{clock};
    Settings settings;
    WatcherState watcher;
    ProbeBoard probes;
    VolumeBoard volumes;
    MachineBoard machines;
    CleanUpBoard cleanUps;
    Reinstaller reinstaller{plane, provider, QUrl(QStringLiteral("http://127.0.0.1:1"))};
    Automation automation;
    JobContext context{clock,
                       settings,
                       plane,
                       provider,
                       http,
                       watcher,
                       probes,
                       volumes,
                       machines,
                       cleanUps,
                       reinstaller,
                       automation,
                       QUrl(QStringLiteral("http://127.0.0.1:1"))};

    explicit ControlFixture(const WatchdogSettings& watchdog = {},
                            const QString& providerCode = QStringLiteral("fake"))
        : automation(plane, providerCode, watchdog) {
        provider.providerCode = providerCode;
        watcher.startedAt = clock.now();
        watcher.ownAddressAnswers = true;
    }

    /// An instance with a machine "m-<name>" at the provider, in `status`.
    InstanceId add(const QString& name, InstanceStatus status, bool withMachine = true) {
        const InstanceId id(name);
        InstanceRecord record;
        record.instance.id = id;
        record.instance.status = status;
        record.instance.pool = QStringLiteral("fake/zone-1/model");
        record.instance.zone = QStringLiteral("zone-1");
        record.instance.instanceType = QStringLiteral("small");
        record.instance.modelId = QStringLiteral("model");
        if (withMachine) {
            const QString machine = QStringLiteral("m-") + name;
            provider.add(machine);
            record.instance.providerInstanceId = machine;
        }
        const auto inserted = finishedTask(plane.insert(record, {}));
        if (!inserted)
            qFatal("insert failed");
        return id;
    }

    void beat(const InstanceId& id, WorkerStatus status = WorkerStatus::Ready) {
        Heartbeat heartbeat;
        heartbeat.instanceId = id;
        heartbeat.workerId = QStringLiteral("w");
        heartbeat.status = status;
        plane.beat(heartbeat);
    }

    const Instance& instance(const InstanceId& id) const { return plane.find(id)->instance; }
    QString status(const InstanceId& id) const { return toString(instance(id).status); }
    FakeProvider::Slot& machine(const InstanceId& id) {
        return provider.byId[MachineId(instance(id).providerInstanceId)];
    }

    Outcome<InstanceRecord> change(const InstanceId& id, TransitionCause cause) {
        ControlPlane::Change wanted;
        wanted.cause = cause;
        return finishedTask(plane.apply(id, std::move(wanted)));
    }

    /// The process dies and starts again: memory is lost, store and provider are not.
    void load() {
        const auto loaded = finishedTask(plane.load());
        if (!loaded)
            qFatal("load failed");
    }
};

inline Failure failure(FailureKind kind, const char* message = "told to fail") {
    Failure made;
    made.kind = kind;
    made.message = QString::fromLatin1(message);
    return made;
}

} // namespace vigie
