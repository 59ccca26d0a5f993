#pragma once

#include "core/base/clock.h"
#include "core/http/responsebody.h"
#include "core/orchestrator/api/guardholds.h"
#include "core/orchestrator/automation.h"
#include "core/orchestrator/jobs/jobrunner.h"

#include <QByteArray>
#include <QStringList>

#include <vector>

namespace vigie {

/// GET /fleet; the parts are JSON already. It can have 20 MB, of which nothing is copied again.
struct FleetBody {
    QString cursor;
    WallTime serverTime{};
    bool full = true;
    std::vector<QByteArray> instances;
    QStringList removed;
    QByteArray volumes, breakers, jobs, alerts, automation;
};
ResponseBody encodeFleetBody(const FleetBody& fleet);

/// GET /jobs. `leaseOwner` names this daemon, which holds every lease when it is alone.
QByteArray encodeJobs(const std::vector<JobStats>& jobs, const QString& leaseOwner);

/// GET /automation, and the same in /fleet. `chaos`: what is made worse on purpose. `holds`: what
/// each guard blocks now, thing by thing; null leaves it out.
QByteArray encodeAutomation(const AutomationView& automation, const QStringList& chaos,
                            const std::vector<GuardHold>* holds = nullptr);

} // namespace vigie
