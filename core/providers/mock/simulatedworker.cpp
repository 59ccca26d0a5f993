#include "core/providers/mock/simulatedworker.h"

#include "core/base/log.h"
#include "core/providers/mock/mockcatalog.h"

namespace vigie {

namespace {

/// Longer than any limit on a stage of a start.
constexpr Duration forever = std::chrono::hours(24 * 365);

SimulatedMachineSize sizeOf(const MockMachine& machine) {
    const ProviderType type = mockType(machine.instanceType).value_or(ProviderType());
    return {type.cpuCount, type.ramGb, type.gpuCount, type.gpuVramGb * 1024, machine.seed};
}

WorkerOptions workerOptions(const MockMachine& machine, const MockProviderOptions& options,
                            const StartPlan& plan) {
    WorkerOptions worker;
    worker.instanceId = machine.boot.instanceId;
    worker.workerId = QStringLiteral("worker-") + machine.id.value();
    worker.modelId = machine.boot.modelId;
    worker.ipAddress = QStringLiteral("127.0.0.1");
    worker.agent.version = QStringLiteral(VIGIE_VERSION "-simulated");
    worker.link.controlPlane = machine.boot.controlPlaneUrl;
    worker.link.secret = machine.boot.bootstrapSecret;
    worker.link.interval = options.heartbeatInterval;
    worker.link.pauseAfterRegistering = plan.hang == StartHang::Installing ? forever : plan.beats;
    worker.modelCheckInterval = options.modelCheckInterval;
    return worker;
}

} // namespace

SimulatedWorker::SimulatedWorker(SimulationParts parts, const MockMachine& machine,
                                 const MockProviderOptions& options, StartPlan plan,
                                 std::function<void()> onReady)
    : m_parts(parts), m_plan(plan), m_onReady(std::move(onReady)),
      m_sensors(parts.clock, sizeOf(machine)),
      m_engine(parts.clock, machine.boot.modelId, FaultOptions()), m_model(m_engine),
      m_events(parts.clock, 200, true, machine.boot.correlationId),
      m_worker({parts.clock, parts.client, m_sensors, m_model, m_events, &m_engine},
               workerOptions(machine, options, plan)) {
    FaultOrder notLoaded;
    notLoaded.ready = false;
    m_engine.apply(notLoaded);
    if (plan.hang != StartHang::Booting)
        m_begin = parts.clock.schedule(plan.registers, [this] { begin(); });
}

SimulatedWorker::~SimulatedWorker() {
    if (m_port != 0)
        m_parts.server.close(m_port);
}

void SimulatedWorker::begin() {
    const auto port = m_parts.server.listen(QStringLiteral("127.0.0.1"), 0);
    if (!port) {
        logWarning(QStringLiteral("providers.mock"),
                   QStringLiteral("a simulated worker can't serve: %1").arg(port.error().message));
        m_begin = m_parts.clock.schedule(std::chrono::seconds(5), [this] { begin(); });
        return;
    }
    m_port = *port;
    m_worker.start(m_port, m_port);
    if (m_plan.hang != StartHang::None)
        return;
    m_becomeReady = m_parts.clock.schedule(m_plan.beats + m_plan.ready, [this] {
        FaultOrder loaded;
        loaded.ready = true;
        m_engine.apply(loaded);
        m_ready = true;
        m_onReady();
    });
}

void SimulatedWorker::setHung(bool hung) {
    FaultOrder order;
    order.hang = hung;
    m_engine.apply(order);
}

} // namespace vigie
