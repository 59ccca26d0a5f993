#include "core/watchdog/remedypast.h"

#include <ranges>

namespace vigie {

namespace {

std::optional<RemedyStep> stepOf(const ActionLog& row) {
    if (row.actionType == QStringView(actiontype::executeRestartWorker))
        return RemedyStep::RestartWorker;
    if (row.actionType == QStringView(actiontype::executeReinstall))
        return RemedyStep::Reinstall;
    if (row.actionType == QStringView(actiontype::executeReplace))
        return RemedyStep::Replace;
    return std::nullopt;
}

/// Reads the rows of one instance in the order of time.
class Reader {
public:
    Reader(const GuardPolicy& policy, WallTime now) : m_policy(policy), m_now(now) {}

    void read(const ActionLog& row) {
        const QString ready = toString(InstanceStatus::Ready);
        if (const auto step = stepOf(row))
            tried(row, *step);
        else if (row.actionType == QStringView(actiontype::workerDeadDetected))
            died(row.createdAt);
        else if (row.actionType == QStringView(actiontype::wouldHaveDone))
            m_past.told = true;
        else if (row.actionType == QStringView(actiontype::instanceStartupFailed))
            failed(row.createdAt);
        else if (row.actionType == QStringView(actiontype::healthCheck) &&
                 row.status == ActionLogStatus::Failed)
            sickened(row.createdAt);
        else if (row.instanceStatusAfter == ready && row.instanceStatusBefore != ready)
            revived(row);
    }

    RemedyPast end() {
        sickened(m_now);
        return std::move(m_past);
    }

private:
    void tried(const ActionLog& row, RemedyStep step) {
        if (m_open)
            failed(row.createdAt);
        if (row.errorCode == QStringView(errorcode::calledOff))
            return; // it came back by itself before anything was done
        m_remedied = m_remedied || row.errorCode != QStringView(errorcode::stepNotAvailable);
        if (row.userId != QLatin1String("automation")) {
            m_past.tries.clear(); // a person has answered
            m_past.failedInARow = 0;
            return;
        }
        const bool skipped = row.errorCode == QStringView(errorcode::stepNotAvailable);
        m_past.tries.push_back({step, row.createdAt, true, skipped});
        m_open = !skipped;
        if (row.status == ActionLogStatus::Failed && !skipped)
            failed(row.completedAt.value_or(row.createdAt));
    }

    void died(WallTime at) {
        if (m_open)
            failed(at);
        sickened(at);
        m_past.turns.push_back(at);
        m_past.told = false;
        m_dead = true;
        m_remedied = false;
    }

    void failed(WallTime at) {
        if (!m_open)
            return;
        m_open = false;
        if (!m_past.tries.empty())
            m_past.tries.back().failed = true;
        ++m_past.failedInARow;
        m_past.lastFailure = at;
    }

    void sickened(WallTime at) {
        if (m_wellSince && at - *m_wellSince >= m_policy.healthResetsTries)
            m_past.tries.clear();
        m_wellSince.reset();
    }

    void revived(const ActionLog& row) {
        if (m_dead) {
            m_past.turns.push_back(row.createdAt);
            if (m_remedied)
                m_past.helped.push_back(row.createdAt);
        }
        m_dead = m_remedied = false;
        if (!m_wellSince)
            m_wellSince = row.createdAt;
        if (m_open) {
            m_open = false;
            m_past.failedInARow = 0;
            m_past.lastFailure.reset();
        }
    }

    const GuardPolicy& m_policy;
    WallTime m_now;
    RemedyPast m_past;
    bool m_open = false; ///< an automatic step whose end is not known yet
    bool m_dead = false;
    bool m_remedied = false; ///< since it was dead
    std::optional<WallTime> m_wellSince;
};

} // namespace

RemedyPast remedyPast(std::span<const ActionLog> newestFirst, const GuardPolicy& policy,
                      WallTime now) {
    Reader reader(policy, now);
    for (const ActionLog& row : newestFirst | std::views::reverse)
        reader.read(row);
    return reader.end();
}

} // namespace vigie
