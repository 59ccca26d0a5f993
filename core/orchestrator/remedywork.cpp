#include "core/orchestrator/remedywork.h"

#include "core/orchestrator/replacement.h"

namespace vigie {

bool isRemedy(const QString& workInHand) {
    return workInHand == reinstallWork || workInHand == restartWork || workInHand == replaceWork;
}

QString nameOfRemedy(const QString& work) {
    return work == reinstallWork ? QStringLiteral("The reinstall")
                                 : QStringLiteral("The restart of the worker");
}

std::function<std::optional<QString>(const InstanceRecord&)>
unlessAnotherRemedy(const ActionLogId& work) {
    return [work](const InstanceRecord& record) -> std::optional<QString> {
        if (isRemedy(record.workInHand) && record.workLogId == work)
            return std::nullopt;
        return QStringLiteral("That work is no longer in hand.");
    };
}

} // namespace vigie
