#include "core/orchestrator/simulation/simprovider.h"

namespace vigie {

namespace {

tl::unexpected<Failure> notServed() {
    return fail(FailureKind::Unsupported, QStringLiteral("this fleet is not made by creating"));
}

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

Task<Outcome<void>> SimProvider::command(MachineCommand command, std::stop_token stop) {
    const Outcome<void> there = co_await reach(stop);
    if (!there)
        co_return fail(there.error());
    const Outcome<void> done = m_world.execute(command);
    if (!done)
        co_return fail(done.error());
    // The answer takes its time too: who dies now does not know that it took effect.
    const bool waited = co_await sleepFor(m_clock, m_world.apiLatency(), stop);
    if (!waited)
        co_return fail(FailureKind::Cancelled, QStringLiteral("given up"));
    co_return Outcome<void>{};
}

Task<Outcome<Machine>> SimProvider::describe(MachineId id, std::stop_token stop) {
    const Outcome<void> there = co_await reach(stop);
    if (!there)
        co_return fail(there.error());
    co_return m_world.describe(id);
}

Task<Outcome<Machine>> SimProvider::create(CreateMachine, std::stop_token) {
    co_return notServed();
}

Task<Outcome<std::vector<Machine>>> SimProvider::machines(QString, std::stop_token) {
    co_return notServed();
}

Task<Outcome<std::vector<MachineVolume>>> SimProvider::volumes(QString, std::stop_token) {
    co_return notServed();
}

Task<Outcome<void>> SimProvider::deleteVolume(QString volumeId, std::stop_token stop) {
    const Outcome<void> there = co_await reach(stop);
    if (!there)
        co_return fail(there.error());
    m_world.volumeDeleted(volumeId);
    co_return Outcome<void>{};
}

} // namespace vigie
