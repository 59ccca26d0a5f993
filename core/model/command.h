#pragma once

#include "core/model/action.h"

#include <QUrl>

#include <variant>
#include <vector>

namespace vigie {

/// How to reach one source; what a person configures. `secret` is a token, or a password when
/// `email` is set.
struct SourceConfig {
    SourceId id;  ///< stable; made from the URL when empty
    QString name; ///< empty: host:port
    QString kind; ///< "orchestrator", "prometheus"; empty: found out from the answer
    QUrl url;
    QString email;     ///< log in with e-mail and password (/auth/login)
    QString secret;    ///< never logged, never in a snapshot
    QString tokenFile; ///< read on every (re)connect instead of `secret`
    QString caFile;    ///< PEM of an own CA
    Duration interval = std::chrono::seconds(2);
};

/// What the window asks of the engine. The effect comes back in a later snapshot.
namespace command {
struct PollNow {};
struct AddSource {
    SourceConfig source;
}; ///< replaces one with the same id
struct RemoveSource {
    SourceId id;
};
struct TestSource {
    SourceConfig source;
}; ///< shows each step in FleetSnapshot::sourceTest
struct Inspect {
    SourceId source;
    InstanceId instance;
};
struct StopInspecting {};
struct Act {
    OperationId id;
    Action action = Action::Terminate;
    QString reason;
    struct Target {
        SourceId source;
        InstanceId instance;
        VolumeId volume{}; ///< one of its volumes; empty: the instance itself
        /// By what its orchestrator calls the thing that is meant.
        InstanceId named() const {
            return volume.isEmpty() ? instance : InstanceId(volume.value());
        }
    };
    std::vector<Target> targets;
};
/// Asks the orchestrators what they would say to an Act with these targets.
struct PlanAction {
    OperationId id;
    Action action = Action::Terminate;
    std::vector<Act::Target> targets;
};
enum class OperationVerb { Pause, Resume, Abort };
/// Of an operation that an orchestrator carries out.
struct ControlOperation {
    OperationId id;
    OperationVerb verb = OperationVerb::Pause;
};
} // namespace command

using Command = std::variant<command::PollNow, command::AddSource, command::RemoveSource,
                             command::TestSource, command::Inspect, command::StopInspecting,
                             command::Act, command::PlanAction, command::ControlOperation>;

} // namespace vigie
