#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"

namespace vigie {

/// What an orchestrator says of one operation that it carries out.
struct RemoteOperation {
    QString id;
    bool finished = false, paused = false, aborted = false;
    QString pausedBecause;
    struct Item {
        InstanceId instance;
        ItemState state = ItemState::Waiting;
        QString message;
    };
    std::vector<Item> items;
};

/// Manual actions on many, carried out by the other side in waves (part B of the contract).
class OperationSource {
public:
    virtual ~OperationSource() = default;
    /// A dry run; nothing is done.
    virtual Task<Outcome<ActionPreview>> plan(Action action, std::vector<InstanceId> ids,
                                              std::stop_token stop) = 0;
    /// Begins it; its id over there. The same key is the same operation.
    virtual Task<Outcome<QString>> start(Action action, std::vector<InstanceId> ids, QString reason,
                                         QByteArray idempotencyKey, std::stop_token stop) = 0;
    /// How far it is, after doing what `verb` says.
    virtual Task<Outcome<RemoteOperation>>
    follow(QString id, std::optional<command::OperationVerb> verb, std::stop_token stop) = 0;
};

} // namespace vigie
