#pragma once

#include "core/config/settings.h"
#include "core/worker/faultplan.h"
#include "core/worker/hostsensors.h"
#include "core/worker/worker.h"

#include <vector>

namespace vigie {

/// Every key `vigie-worker` reads, under the names of the orchestrator contract.
std::vector<SettingSpec> workerSettings();

/// A whole worker program, as configured.
struct WorkerServiceOptions {
    WorkerOptions worker; ///< agent info and addresses still to be filled in
    HostSensorsOptions sensors;
    QString listenAddress;
    QString correlationId; ///< of the order that started it; may be empty
    quint16 healthPort = 0;
    quint16 modelPort = 0; ///< 0: with the mock engine the health port, else that of modelUrl
    QUrl modelUrl;         ///< of the model server; unused with the mock engine
    bool mockEngine = false;
    FaultOptions faults;
};

/// Invalid, naming key and value, for what single ranges can't express; reads the token file.
Outcome<WorkerServiceOptions> workerServiceOptions(const Settings& settings);

} // namespace vigie
