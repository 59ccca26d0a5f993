#include "core/runtime/sourcepoller.h"

#include <algorithm>

namespace vigie {

SourcePoller::SourcePoller(Clock& clock, SourceConfig config, const SourceOpener& opener, Done done)
    : m_clock(clock), m_config(std::move(config)), m_opener(opener), m_done(std::move(done)),
      m_random(static_cast<unsigned>(qHash(m_config.id))) {
    m_status.id = m_config.id;
    m_status.name = m_config.name;
    m_status.kind = m_config.kind;
    m_status.url = m_config.url;
    m_status.url.setUserInfo({});
    m_status.interval = m_config.interval;
    m_facts.interval = m_config.interval;
    m_facts.addedAt = clock.now();
}

void SourcePoller::pollNow() {
    if (m_scope.token().stop_requested())
        return;
    if (m_polling) {
        m_again = true;
        return;
    }
    m_polling = true;
    m_next.cancel();
    m_scope.spawn(poll());
}

Outcome<Source*> SourcePoller::source() {
    if (!m_opened.source) {
        auto opened = m_opener.open(m_config);
        if (!opened)
            return fail(std::move(opened).error());
        m_opened = std::move(*opened);
    }
    return m_opened.source.get();
}

Task<> SourcePoller::poll() {
    const MonotonicTime begun = m_clock.now();
    m_status.lastAttempt = m_clock.wallNow();
    auto opened = source();
    if (!opened) {
        take(fail(std::move(opened).error()), begun);
        co_return;
    }
    Source* const asked = *opened;
    std::stop_token token = m_scope.token();
    auto reading = co_await asked->poll(std::move(token));
    if (m_scope.token().stop_requested())
        co_return;
    take(std::move(reading), begun);
}

void SourcePoller::take(Outcome<SourceReading> reading, MonotonicTime begun) {
    const MonotonicTime now = m_clock.now();
    // Of the requests themselves: a poll also waits between its attempts, and for its own breaker.
    if (m_opened.source)
        m_latency = std::make_shared<const Histogram>(m_opened.source->endpoint().latency());
    m_facts.lastPollDuration = now - begun;
    m_facts.failing = !reading;
    if (reading) {
        m_facts.lastSuccess = now;
        m_status.lastSuccess = m_clock.wallNow();
        m_status.lastFailure.reset();
        m_status.consecutiveFailures = 0;
        m_status.capabilities = reading->capabilities;
        m_status.version = reading->version;
        m_status.actor = reading->actor;
        m_status.role = reading->role;
        m_status.notices = reading->notices;
        if (!reading->kind.isEmpty())
            m_status.kind = reading->kind;
        m_status.clockOffset.reset();
        if (reading->serverTime)
            m_status.clockOffset = *reading->serverTime - m_clock.wallNow();
        if (reading->breakers)
            m_status.remoteBreakers = *reading->breakers;
    } else {
        Failure failure = reading.error();
        if (failure.kind != FailureKind::BreakerOpen)
            m_cause = failure;
        else if (m_cause) // the breaker's word alone would hide why it opened
            failure.message += QStringLiteral(" It opened after: ") + m_cause->message;
        m_status.lastFailure = std::move(failure);
        ++m_status.consecutiveFailures;
    }
    m_polling = false;
    scheduleNext(begun);
    m_done(reading);
}

void SourcePoller::scheduleNext(MonotonicTime begun) {
    const auto jitter = std::uniform_real_distribution(0.95, 1.05)(m_random);
    const auto period = std::chrono::duration_cast<Duration>(m_config.interval * jitter);
    // A source slower than its interval is still given a moment between two polls.
    const Duration wait = std::max(begun + period - m_clock.now(), period / 10);
    m_next = m_clock.schedule(std::exchange(m_again, false) ? Duration::zero() : wait,
                              [this] { pollNow(); });
}

void SourcePoller::inspect(InstanceId id, std::function<void(Outcome<Inspection>)> answer) {
    auto opened = source();
    if (!opened)
        return answer(fail(std::move(opened).error()));
    m_scope.spawn([](Source* asked, InstanceId instance, std::stop_token token,
                     std::function<void(Outcome<Inspection>)> tell) -> Task<> {
        auto seen = co_await asked->inspect(std::move(instance), std::move(token));
        tell(std::move(seen));
    }(*opened, std::move(id), m_scope.token(), std::move(answer)));
}

void SourcePoller::act(Action action, InstanceId id, QString reason, QByteArray key,
                       std::function<void(Outcome<QString>)> answer) {
    auto opened = source();
    if (!opened)
        return answer(fail(std::move(opened).error()));
    m_scope.spawn([](Source* asked, Action what, InstanceId instance, QString why,
                     QByteArray idempotencyKey, std::stop_token token,
                     std::function<void(Outcome<QString>)> tell) -> Task<> {
        auto done = co_await asked->act(what, std::move(instance), std::move(why),
                                        std::move(idempotencyKey), std::move(token));
        tell(std::move(done));
    }(*opened, action, std::move(id), std::move(reason), std::move(key), m_scope.token(),
                                                                 std::move(answer)));
}

bool SourcePoller::operate(std::function<Task<>(OperationSource&, std::stop_token)> work) {
    auto opened = source();
    OperationSource* operations = opened ? (*opened)->operations() : nullptr;
    if (!operations || m_scope.token().stop_requested())
        return false;
    m_scope.spawn([](std::function<Task<>(OperationSource&, std::stop_token)> run,
                     OperationSource* on, std::stop_token token) -> Task<> {
        Task<> running = run(*on, std::move(token));
        co_await running;
    }(std::move(work), operations, m_scope.token()));
    return true;
}

void SourcePoller::stop() {
    m_next.cancel();
    m_scope.requestStop();
}

void SourcePoller::drain() {
    stop();
    m_scope.drain();
}

bool SourcePoller::refresh() {
    const Freshness before = std::exchange(m_status.freshness, freshnessOf(m_facts, m_clock.now()));
    return before != m_status.freshness;
}

SourceStatus SourcePoller::status() const {
    SourceStatus status = m_status;
    status.pollLatency = *m_latency;
    if (m_opened.source)
        status.breaker = m_opened.source->endpoint().breaker();
    return status;
}

} // namespace vigie
