#pragma once

#include "core/runtime/freshness.h"
#include "core/runtime/sourceopener.h"
#include "core/sources/operationsource.h"

#include <random>

namespace vigie {

/// Polls one source for ever: every interval from start to start with 5 % jitter, never two polls
/// at once. Keeps its status, of which the freshness follows time even when no poll returns.
class SourcePoller {
public:
    using Done = std::function<void(const Outcome<SourceReading>&)>;

    /// `config` is completed(). `done` hears of every poll, after the status has taken it in.
    SourcePoller(Clock& clock, SourceConfig config, const SourceOpener& opener, Done done);

    /// Starts the first poll.
    void start() { pollNow(); }
    /// At once; after the one under way, which may have begun too early to see what is asked for.
    void pollNow();
    /// Both answer through the callback, always; Unsupported while the source can't be opened.
    void inspect(InstanceId id, std::function<void(Outcome<Inspection>)> answer);
    void act(Action action, InstanceId id, QString reason, QByteArray key,
             std::function<void(Outcome<QString>)> answer);

    /// Runs `work` on what carries out operations there; false, and nothing is run, while the
    /// source can't be opened or has no such thing.
    bool operate(std::function<Task<>(OperationSource&, std::stop_token)> work);

    /// Asks everything under way to end; idle() once it has.
    void stop();
    bool idle() const { return m_scope.idle(); }
    /// Stops and runs the event loop until idle().
    void drain();

    /// Follows time. True when the freshness changed.
    bool refresh();

    const SourceConfig& config() const { return m_config; }
    /// Without remembering its secrets. The breaker is as it is now.
    SourceStatus status() const;
    Freshness freshness() const { return m_status.freshness; }
    std::shared_ptr<const Histogram> latency() const { return m_latency; }

private:
    Task<> poll();
    Outcome<Source*> source();
    void take(Outcome<SourceReading> reading, MonotonicTime begun);
    void scheduleNext(MonotonicTime begun);

    Clock& m_clock;
    SourceConfig m_config;
    const SourceOpener& m_opener;
    Done m_done;
    SourceStatus m_status;
    FreshnessFacts m_facts;
    std::shared_ptr<const Histogram> m_latency = std::make_shared<const Histogram>();
    std::optional<Failure> m_cause; ///< the newest failure that was not our own breaker's
    std::minstd_rand m_random;
    OpenedSource m_opened;
    bool m_polling = false;
    bool m_again = false;
    Timer m_next;
    TaskScope m_scope;
};

} // namespace vigie
