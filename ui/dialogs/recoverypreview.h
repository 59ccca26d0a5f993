#pragma once

#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

namespace vigie {

/// What an action would do to one instance.
struct RecoveryItem {
    QString key;
    command::Act::Target target;
    QString source, zone, pool;
    InstanceStatus status = InstanceStatus::Unknown;
    Verdict verdict = Verdict::Unknown;
    QString effect; ///< what will happen
    QString whyNot; ///< why it is left out; empty when it is allowed
    // while and after it is carried out
    std::optional<ItemState> result;
    QString message;
};

/// Instances that serve in one pool, before and after.
struct PoolCapacity {
    QString pool;
    int total = 0;
    int before = 0;
    int after = 0;
};

struct RecoveryPreview {
    Action action = Action::Terminate;
    std::vector<RecoveryItem> items; ///< those that are allowed first
    std::vector<PoolCapacity> pools; ///< of the allowed items
    int allowed = 0;
    std::vector<Action> offered; ///< what the sources of the targets can do, in the menu's order
    QString capacity;            ///< what the orchestrators say to it; empty: they were not asked
};

/// Whether an orchestrator can do this to instances, and lets us.
bool offers(const SourceStatus& source, Action action);

/// Everything the recovery dialog says before anything is sent. What an orchestrator said to
/// `question` (see PlanAction) counts more than what can be told from here. Pure.
RecoveryPreview previewRecovery(const FleetSnapshot& snapshot, Action action,
                                const std::vector<command::Act::Target>& targets,
                                const OperationId& question = {});

std::vector<Column<RecoveryItem>> recoveryColumns();

} // namespace vigie
