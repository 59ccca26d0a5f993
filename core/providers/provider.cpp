#include "core/providers/provider.h"

namespace vigie {

QString toString(MachineState state) {
    switch (state) {
    case MachineState::Running:
        return QStringLiteral("running");
    case MachineState::Stopped:
        return QStringLiteral("stopped");
    case MachineState::Absent:
        return QStringLiteral("absent");
    case MachineState::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString toString(MachineCommandKind kind) {
    switch (kind) {
    case MachineCommandKind::Start:
        return QStringLiteral("start");
    case MachineCommandKind::Stop:
        return QStringLiteral("stop");
    case MachineCommandKind::Reboot:
        return QStringLiteral("reboot");
    case MachineCommandKind::Reinstall:
        return QStringLiteral("reinstall");
    case MachineCommandKind::Delete:
        break;
    }
    return QStringLiteral("delete");
}

Task<Outcome<void>> Provider::syncCatalog(CallToken /*stop*/) {
    co_return Outcome<void>{};
}

} // namespace vigie
