#pragma once

#include "core/sources/orchestrator/fleetreader.h"
#include "core/sources/source.h"

namespace vigie {

/// Reads what an orchestrator tells beside its instances: breakers, action log, latencies, who we
/// are, its version. None of it fails a poll; what can't be read keeps its last value, becomes a
/// notice, and is asked for again.
class SideReader {
public:
    /// `clock` and `session` outlive it.
    SideReader(Clock& clock, Session& session) : m_clock(clock), m_session(session) {}

    /// Fills the sides of `reading`; `withBreakers` when the fleet's answer held none.
    Task<SourceReading> read(SourceReading reading, ContractPart part, bool withBreakers,
                             std::stop_token stop);
    /// After a failed poll everything is asked anew: another process may answer now.
    void startOver();

private:
    using Reply = Outcome<HttpReply>;

    Task<Reply> ask(QString path, QString query, bool wanted, std::stop_token stop);
    void takeVersion(const Reply& reply);
    void takeWhoAmI(const Reply& reply);
    void takeBreakers(const Reply& reply, SourceReading& reading);
    void takeLog(const Reply& reply, SourceReading& reading);
    void takeMetrics(const Reply& reply, SourceReading& reading);
    bool due(std::optional<MonotonicTime>& last, Duration every);

    Clock& m_clock;
    Session& m_session;
    QString m_version, m_actor, m_role;
    std::vector<Action> m_allowed; ///< what we may ask there
    std::vector<LatencySeries> m_latencies;
    QString m_metricsNotice;
    bool m_wholeLog = true; ///< the next question for the log reaches far back
    std::optional<MonotonicTime> m_askedIdentity, m_askedMetrics;
};

} // namespace vigie
