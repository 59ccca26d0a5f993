#include "core/orchestrator/simulation/simprovider.h"

namespace vigie {

namespace {

constexpr double shareOfFailedCreates = 0.05;
constexpr double shareOfLostAnswers = 0.05;

} // namespace

Task<Outcome<void>> SimProvider::reach(std::stop_token stop) {
    const Duration latency = m_world.apiLatency();
    const std::optional<Failure> failure = m_world.apiFailure();
    const bool waited = co_await sleepFor(m_clock, latency, stop);
    if (!waited)
        co_return fail(FailureKind::Cancelled, QStringLiteral("given up"));
    if (failure)
        co_return fail(*failure);
    co_return Outcome<void>{};
}

Task<Outcome<void>> SimProvider::answer(std::stop_token stop) {
    const bool waited = co_await sleepFor(m_clock, m_world.apiLatency(), stop);
    if (!waited)
        co_return fail(FailureKind::Cancelled, QStringLiteral("given up"));
    co_return Outcome<void>{};
}

Task<Outcome<Machine>> SimProvider::create(CreateMachine request, std::stop_token stop) {
    const Outcome<void> there = co_await reach(stop);
    if (!there)
        co_return fail(there.error());
    if (m_world.uniform() < shareOfFailedCreates)
        co_return fail(FailureKind::ServerError, QStringLiteral("no machine could be made"));
    const Outcome<Machine> made = m_cloud.create(request);
    const bool lost = m_world.uniform() < shareOfLostAnswers;
    const Outcome<void> told = co_await answer(stop);
    if (!told)
        co_return fail(told.error());
    if (lost)
        co_return fail(FailureKind::OutcomeUnknown, QStringLiteral("the answer was lost"));
    co_return made;
}

Task<Outcome<void>> SimProvider::command(MachineCommand command, std::stop_token stop) {
    const Outcome<void> there = co_await reach(stop);
    if (!there)
        co_return fail(there.error());
    const Outcome<void> done = m_cloud.execute(command);
    if (!done)
        co_return fail(done.error());
    const Outcome<void> told = co_await answer(stop);
    co_return told;
}

Task<Outcome<Machine>> SimProvider::describe(MachineId id, CallToken stop) {
    const Outcome<void> there = co_await reach(stop.stop());
    if (!there)
        co_return fail(there.error());
    co_return m_cloud.describe(id);
}

Task<Outcome<std::vector<Machine>>> SimProvider::machines(QString tag, CallToken stop) {
    const Outcome<void> there = co_await reach(stop.stop());
    if (!there)
        co_return fail(there.error());
    co_return m_cloud.machines(tag);
}

Task<Outcome<std::vector<MachineVolume>>> SimProvider::volumes(QString clusterTag, CallToken stop) {
    const Outcome<void> there = co_await reach(stop.stop());
    if (!there)
        co_return fail(there.error());
    co_return m_cloud.volumes(clusterTag);
}

Task<Outcome<bool>> SimProvider::hasVolume(QString volumeId, CallToken stop) {
    const Outcome<void> there = co_await reach(stop.stop());
    if (!there)
        co_return fail(there.error());
    co_return m_cloud.hasVolume(volumeId);
}

Task<Outcome<void>> SimProvider::deleteVolume(QString volumeId, CallToken stop) {
    const Outcome<void> there = co_await reach(stop.stop());
    if (!there)
        co_return fail(there.error());
    const Outcome<void> done = m_cloud.deleteVolume(volumeId);
    co_return done;
}

} // namespace vigie
