#include "ui/dialogs/recoverypreview.h"

#include "ui/models/columns.h"
#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace vigie {

namespace {

struct R {
    Q_DECLARE_TR_FUNCTIONS(Recovery)
};

QString poolOf(const Instance& instance) {
    if (!instance.pool.isEmpty())
        return instance.pool;
    const QString model = instance.modelCode.isEmpty() ? instance.modelName : instance.modelCode;
    return QStringLiteral("%1/%2/%3").arg(instance.providerName, instance.zone, model);
}

bool serves(const InstanceView& view) {
    return view.instance.status == InstanceStatus::Ready &&
           view.assessment.verdict != Verdict::Dead && view.assessment.verdict != Verdict::Gone;
}

QString effectOf(Action action, const Instance& instance) {
    switch (action) {
    case Action::Terminate:
        return instance.storageCount > 0
                   ? R::tr("machine deleted, with %n volume(s); billing ends", nullptr,
                           instance.storageCount)
                   : R::tr("machine deleted, its volumes dealt with; billing ends");
    case Action::Reinstall:
        return R::tr("boots anew: its disk and its worker are set up from nothing");
    case Action::Archive:
        return R::tr("leaves the lists; its history stays");
    }
    return {};
}

QString whyNotHere(Action action, const InstanceView* view, const SourceStatus* source) {
    if (!view)
        return R::tr("It is not in the fleet any more.");
    if (!source || !source->capabilities.actions)
        return R::tr("Its source offers no actions.");
    if (source->freshness == Freshness::Unreachable || source->freshness == Freshness::Stale)
        return R::tr("Its orchestrator does not answer.");
    return whyNotText(action, view->instance);
}

Shape shapeOf(ItemState state) {
    switch (state) {
    case ItemState::Done:
        return Verdict::Alive;
    case ItemState::Failed:
        return Verdict::Dead;
    case ItemState::OutcomeUnknown:
        return Verdict::Unknown;
    case ItemState::Skipped:
        return Verdict::Gone;
    case ItemState::Waiting:
    case ItemState::Running:
        break;
    }
    return Verdict::Suspect;
}

Cell outcomeCell(const RecoveryItem& item) {
    Cell cell;
    if (item.result) {
        cell.shape = shapeOf(*item.result);
        cell.text = item.message.isEmpty()
                        ? word(*item.result)
                        : word(*item.result) + QStringLiteral(" · ") + item.message;
    } else if (item.whyNot.isEmpty()) {
        cell.text = item.effect;
    } else {
        cell.text = R::tr("Left out. %1").arg(item.whyNot);
        cell.ink = Token::Suspect;
    }
    return cell;
}

} // namespace

RecoveryPreview previewRecovery(const FleetSnapshot& snapshot, Action action,
                                const std::vector<command::Act::Target>& targets) {
    RecoveryPreview preview;
    preview.action = action;
    std::map<QString, PoolCapacity> pools;
    for (const auto& target : targets) {
        const InstanceView* view = snapshot.find(target.source, target.instance);
        const SourceStatus* source = snapshot.source(target.source);
        RecoveryItem item;
        item.key = target.source.value() + QLatin1Char('/') + target.instance.value();
        item.target = target;
        item.source = source ? source->name : target.source.value();
        item.whyNot = whyNotHere(action, view, source);
        if (view) {
            item.zone = view->instance.zone;
            item.pool = poolOf(view->instance);
            item.status = view->instance.status;
            item.verdict = view->assessment.verdict;
            item.effect = effectOf(action, view->instance);
        }
        if (item.whyNot.isEmpty()) {
            ++preview.allowed;
            PoolCapacity& pool = pools[item.pool];
            pool.pool = item.pool;
            pool.after -= serves(*view) ? 1 : 0; // what it loses; the rest is added below
        }
        preview.items.push_back(std::move(item));
    }
    std::stable_partition(preview.items.begin(), preview.items.end(),
                          [](const RecoveryItem& item) { return item.whyNot.isEmpty(); });
    for (const auto& view : snapshot.instances) {
        const auto pool = pools.find(poolOf(view->instance));
        if (pool == pools.end() || isOver(view->instance.status))
            continue;
        ++pool->second.total;
        pool->second.before += serves(*view) ? 1 : 0;
    }
    for (auto& [name, pool] : pools) {
        pool.after += pool.before;
        preview.pools.push_back(pool);
    }
    return preview;
}

std::vector<Column<RecoveryItem>> recoveryColumns() {
    auto id = textColumn<RecoveryItem>(
        "id", [] { return R::tr("Instance"); }, 116,
        [](const RecoveryItem& item) { return item.target.instance.value(); });
    id.cell = [](const RecoveryItem& item) {
        Cell cell;
        cell.text = shortId(item.target.instance.value());
        cell.monospace = true;
        return cell;
    };
    auto verdict = textColumn<RecoveryItem>(
        "verdict", [] { return R::tr("Verdict"); }, 88,
        [](const RecoveryItem& item) { return toString(item.verdict); });
    verdict.cell = [](const RecoveryItem& item) {
        Cell cell;
        cell.text = word(item.verdict);
        cell.shape = item.verdict;
        return cell;
    };
    auto outcome = textColumn<RecoveryItem>(
        "outcome", [] { return R::tr("What will happen"); }, 260,
        [](const RecoveryItem& item) { return outcomeCell(item).text; });
    outcome.cell = outcomeCell;
    outcome.stretches = true;
    return {id,
            textColumn<RecoveryItem>(
                "source", [] { return R::tr("Orchestrator"); }, 84,
                [](const RecoveryItem& item) { return item.source; }),
            textColumn<RecoveryItem>(
                "state", [] { return R::tr("State"); }, 116,
                [](const RecoveryItem& item) { return word(item.status); }),
            verdict,
            textColumn<RecoveryItem>(
                "zone", [] { return R::tr("Zone"); }, 76,
                [](const RecoveryItem& item) { return item.zone; }),
            outcome};
}

} // namespace vigie
