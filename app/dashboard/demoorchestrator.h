#pragma once

#include "core/base/task.h"
#include "core/http/httpclient.h"
#include "core/model/command.h"
#include "core/orchestrator/daemon.h"

namespace vigie {

/// What one orchestrator of the demo is like.
struct DemoPlan {
    QString name;
    int seed = 1; ///< of its chance
    int instances = 20;
    bool automatic = true; ///< reinstalls what is dead; else a person has to
};

/// One orchestrator of the demo, with its instances deployed through its own HTTP.
class DemoOrchestrator {
public:
    /// `folder` is for its database. Invalid when its settings are refused: a mistake of ours.
    static Outcome<std::unique_ptr<DemoOrchestrator>> make(Clock& clock, const DemoPlan& plan,
                                                           const QString& folder);

    /// How to reach it, once it listens on a free port of loopback.
    Task<Outcome<SourceConfig>> start();
    /// Asks for its instances, one request after the other.
    void deploy();

private:
    DemoOrchestrator(Clock& clock, DemoPlan plan, Settings settings);
    Task<> deployAll(std::stop_token stop);

    DemoPlan m_plan;
    Daemon m_daemon;
    HttpClient m_client;
    SourceConfig m_source;
    TaskScope m_scope;
};

} // namespace vigie
