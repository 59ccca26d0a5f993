#include "core/orchestrator/actions/actionoperation.h"

#include "core/model/words.h"

#include <QUuid>

#include <algorithm>

namespace vigie {

namespace {

constexpr std::array<Word<ItemStage>, 5> stageWords{{
    {ItemStage::Pending, u"pending"},
    {ItemStage::Running, u"running"},
    {ItemStage::Done, u"done"},
    {ItemStage::Failed, u"failed"},
    {ItemStage::Skipped, u"skipped"},
}};

bool hasEnded(const ActionItem& item) {
    return item.stage != ItemStage::Pending && item.stage != ItemStage::Running;
}

struct WaveFigures {
    int items = 0, ended = 0, begun = 0, failed = 0;
};

WaveFigures figuresOf(const ActionOperation& operation, int wave) {
    WaveFigures figures;
    for (std::size_t i = 0; i < operation.items.size(); ++i) {
        if (waveOf(i, operation.waves) != wave)
            continue;
        const ActionItem& item = operation.items[i];
        ++figures.items;
        figures.ended += hasEnded(item) ? 1 : 0;
        figures.begun +=
            item.stage == ItemStage::Skipped || item.stage == ItemStage::Pending ? 0 : 1;
        figures.failed += item.stage == ItemStage::Failed ? 1 : 0;
    }
    return figures;
}

std::optional<ActionOperation::Pause> tooManyFailed(const ActionOperation& operation, int wave) {
    const WaveFigures figures = figuresOf(operation, wave);
    const double limit = operation.waves.maxFailedShare * figures.begun;
    if (figures.failed == 0 || figures.failed <= limit ||
        std::ranges::find(operation.acceptedWaves, wave) != operation.acceptedWaves.end())
        return std::nullopt;
    ActionOperation::Pause pause;
    pause.actor = QStringLiteral("automation");
    pause.wave = wave;
    pause.reason = QStringLiteral("%1 of the %2 begun in wave %3 failed; at most %4 % may")
                       .arg(figures.failed)
                       .arg(figures.begun)
                       .arg(wave + 1)
                       .arg(operation.waves.maxFailedShare * 100);
    return pause;
}

} // namespace

QString toString(ItemStage stage) {
    return wordOf(stageWords, stage);
}

int waveOf(std::size_t item, const WaveOptions& waves) {
    const int place = static_cast<int>(item);
    if (waves.canary > 0 && place < waves.canary)
        return 0;
    return (place - waves.canary) / waves.size + (waves.canary > 0 ? 1 : 0);
}

int waveCount(const ActionOperation& operation) {
    return operation.items.empty() ? 0 : waveOf(operation.items.size() - 1, operation.waves) + 1;
}

QString stateOf(const ActionOperation& operation) {
    if (operation.finishedAt)
        return operation.aborted ? QStringLiteral("aborted") : QStringLiteral("finished");
    if (operation.aborted)
        return QStringLiteral("aborting");
    return operation.paused ? QStringLiteral("paused") : QStringLiteral("running");
}

NextStep nextStep(const ActionOperation& operation, MonotonicTime now) {
    NextStep step;
    const auto& items = operation.items;
    const auto open = std::ranges::find_if_not(items, hasEnded);
    if (open == items.end()) {
        step.finished = true;
        return step;
    }
    if (operation.aborted) {
        step.abandon = true;
        return step;
    }
    if (operation.paused)
        return step;
    const int wave = waveOf(static_cast<std::size_t>(open - items.begin()), operation.waves);
    const WaveFigures figures = figuresOf(operation, wave);
    const bool fresh = figures.ended == 0 && figures.begun == 0;
    if (wave > 0 && fresh) {
        step.pause = tooManyFailed(operation, wave - 1);
        if (step.pause)
            return step;
        if (operation.waveEndedAt && now - *operation.waveEndedAt < operation.waves.pause)
            return step;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (waveOf(i, operation.waves) == wave && items[i].stage == ItemStage::Pending)
            step.start.push_back(i);
    }
    return step;
}

ActionLogId itemRowId(const ActionLogId& operation, const QString& item) {
    static const QUuid space(QStringLiteral("{c8e1b0a6-52f4-4d0f-8a3a-0d6f5b1f7e11}"));
    return ActionLogId(QUuid::createUuidV5(space, operation.value() + QLatin1Char('/') + item)
                           .toString(QUuid::WithoutBraces));
}

} // namespace vigie
