#pragma once

#include "core/orchestrator/jobs/workerwatchdog/verdictwriter.h"
#include "core/orchestrator/watchdogsettings.h"

namespace vigie::jobs::workerwatchdog {

/// Decides what automation does about dead workers, and does it: a reinstall once the verdict has
/// stood for the hold time, or only a row that says what would have been done.
class Recovery {
public:
    Recovery(JobContext& context, const WatchdogSettings& settings)
        : m_context(context), m_settings(settings) {}

    struct Decision {
        bool act = false;
        bool journal = false; ///< say once what would have been done
        QString blockedBy;    ///< what holds it back, with its figures
    };
    /// To be called once a tick for each instance that was judged.
    Decision decide(const InstanceId& id, const Judgement& judgement, quint64 tick);

    Task<Outcome<void>> reinstall(Judged judged, Assessment assessment);
    Task<Outcome<void>> journal(InstanceId id, Assessment assessment);

private:
    struct Standing {
        int incarnation = 0;
        quint64 since = 0; ///< tick
        bool journalled = false;
    };

    JobContext& m_context;
    WatchdogSettings m_settings;
    QHash<InstanceId, Standing> m_standing;
};

} // namespace vigie::jobs::workerwatchdog
