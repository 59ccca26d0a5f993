#include "core/model/queuedcommand.h"

#include <algorithm>

namespace vigie {

QString toString(CommandKind kind) {
    switch (kind) {
    case CommandKind::Provision:
        return QStringLiteral("PROVISION");
    case CommandKind::Terminate:
        return QStringLiteral("TERMINATE");
    case CommandKind::SyncCatalog:
        return QStringLiteral("SYNC_CATALOG");
    case CommandKind::Reconcile:
        break;
    }
    return QStringLiteral("RECONCILE");
}

std::optional<CommandKind> commandKindFromString(QStringView word) {
    const auto found = std::ranges::find_if(
        allCommandKinds, [word](CommandKind kind) { return toString(kind) == word; });
    return found == allCommandKinds.end() ? std::nullopt : std::optional(*found);
}

QString QueuedCommand::name() const {
    return instanceId.isEmpty() ? toString(kind)
                                : toString(kind) + QLatin1Char('/') + instanceId.value();
}

} // namespace vigie
