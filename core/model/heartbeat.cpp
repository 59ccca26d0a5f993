#include "core/model/heartbeat.h"

#include "core/model/words.h"

namespace vigie {

namespace {

constexpr std::array<Word<WorkerStatus>, 3> statuses{{
    {WorkerStatus::Unknown, u"unknown"},
    {WorkerStatus::Starting, u"starting"},
    {WorkerStatus::Ready, u"ready"},
}};

} // namespace

QString toString(WorkerStatus status) {
    return wordOf(statuses, status);
}

WorkerStatus workerStatusFromString(QStringView word) {
    return fromWord(statuses, word).value_or(WorkerStatus::Unknown);
}

} // namespace vigie
