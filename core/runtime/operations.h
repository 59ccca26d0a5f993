#pragma once

#include "core/base/outcome.h"
#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"

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
    std::function<void(const SourceId&)> pollNow; ///< the effect should be seen soon
    std::function<void()> changed;
};

/// Runs batches of manual actions: at most four at once, a result per item, the newest twenty
/// batches kept. What is no longer possible by the time its turn comes is skipped, with the reason.
class Operations {
public:
    Operations(Clock& clock, OperationsHost host) : m_clock(clock), m_host(std::move(host)) {}

    /// A batch without a reason, or with an id that was seen before, is not run.
    void start(const command::Act& act);

    /// Newest first.
    std::vector<Operation> list() const { return {m_operations.begin(), m_operations.end()}; }

private:
    static constexpr int parallel = 4;

    void advance();
    void run(OperationId operation, size_t index);
    void finish(const OperationId& operation, size_t index, ItemState state, QString message);
    Operation* find(const OperationId& id);

    Clock& m_clock;
    OperationsHost m_host;
    std::deque<Operation> m_operations;
    int m_running = 0;
    bool m_advancing = false;
};

} // namespace vigie
