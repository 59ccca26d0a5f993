#pragma once

#include "core/model/instancecodec.h"
#include "core/sources/orchestrator/session.h"

#include <map>

namespace vigie {

/// Which of the contract's two parts an orchestrator serves.
enum class ContractPart {
    Unknown,
    Plain, ///< part A: /instances
    Full,  ///< part B: /fleet with deltas, and all that comes with it
};

/// What one reading of the fleet brought.
struct FleetRead {
    std::vector<std::shared_ptr<const Instance>> instances; ///< all of them, sorted by id
    std::optional<std::vector<Breaker>> breakers;
    std::optional<Duration> clockOffset;
    QStringList notices;
};

/// Reads the instances of one orchestrator: by GET /fleet and its deltas where that exists, else
/// by GET /instances. A part B that appears or goes away is noticed.
class FleetReader {
public:
    /// `clock` and `session` outlive it.
    FleetReader(Clock& clock, Session& session) : m_clock(clock), m_session(session) {}

    Task<Outcome<FleetRead>> read(std::stop_token stop);
    ContractPart part() const { return m_part; }

private:
    Task<Outcome<HttpReply>> askFleet(std::stop_token stop);
    Task<Outcome<FleetRead>> readPlain(std::stop_token stop);
    Outcome<FleetRead> take(const HttpReply& reply, const QString& path);
    void forget();

    Clock& m_clock;
    Session& m_session;
    ContractPart m_part = ContractPart::Unknown;
    MonotonicTime m_askedFleet{}; ///< last, while it was not there
    QString m_cursor;
    std::map<InstanceId, std::shared_ptr<const Instance>> m_known;
};

} // namespace vigie
