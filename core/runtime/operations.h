#pragma once

#include "core/base/outcome.h"
#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"
#include "core/sources/operationsource.h"

#include <deque>
#include <functional>

namespace vigie {

/// What operations need from the engine around them.
struct OperationsHost {
    std::function<const InstanceView*(const SourceId&, const InstanceId&)> find;
    /// Sends one action; answers through the callback, always, maybe at once.
    std::function<void(const SourceId&, Action, const InstanceId&, const QString& reason,
                       const QByteArray& key, std::function<void(Outcome<QString>)> answer)>
        act;
    /// Whether the source carries out operations by itself; then both of the next are asked of it
    /// in place of `act`. They answer through the callback, always, maybe at once.
    std::function<bool(const SourceId&)> operates;
    std::function<void(const SourceId&, const Operation&, std::vector<InstanceId>,
                       std::function<void(Outcome<QString>)> answer)>
        begin;
    std::function<void(const SourceId&, const QString& remote,
                       std::optional<command::OperationVerb>,
                       std::function<void(Outcome<RemoteOperation>)> answer)>
        follow;
    std::function<void(const SourceId&)> pollNow; ///< the effect should be seen soon
    std::function<void()> changed;
};

/// Runs batches of manual actions, a result per item, the newest twenty batches kept. A source that
/// carries out operations by itself gets its share whole and is asked every second how far it is;
/// of the others at most four items are under way at once. What is no longer possible by the time
/// its turn comes is skipped, with the reason.
class Operations {
public:
    Operations(Clock& clock, OperationsHost host) : m_clock(clock), m_host(std::move(host)) {}

    /// A batch without a reason, or with an id that was seen before, is not run.
    void start(const command::Act& act);
    void control(const command::ControlOperation& ask);
    /// Asks how far the remote ones are; to be called several times a second.
    void tick();

    /// Newest first.
    std::vector<Operation> list() const { return {m_operations.begin(), m_operations.end()}; }

private:
    static constexpr int parallel = 4;

    /// The share of one source in a batch, as it is carried out there.
    struct Remote {
        OperationId operation;
        SourceId source;
        QString id; ///< there; empty until it has answered
        bool finished = false, asking = false;
        std::optional<MonotonicTime> asked;
        std::optional<command::OperationVerb> verb; ///< to be told with the next question
        bool paused = false;
        QString pausedBecause;
    };

    void advance();
    void beginRemote(const Operation& operation, const SourceId& source);
    void endRemote(const OperationId& id, const SourceId& source, ItemState state,
                   const QString& message);
    void heard(const OperationId& id, const SourceId& source, Outcome<RemoteOperation> answer);
    void settle(Operation& operation);
    Remote* remote(const OperationId& id, const SourceId& source);
    bool isRemote(const OperationId& id, const SourceId& source);
    void run(OperationId operation, size_t index);
    void finish(const OperationId& operation, size_t index, ItemState state, QString message);
    Operation* find(const OperationId& id);

    Clock& m_clock;
    OperationsHost m_host;
    std::deque<Operation> m_operations;
    std::vector<Remote> m_remotes;
    int m_running = 0;
    bool m_advancing = false;
};

} // namespace vigie
