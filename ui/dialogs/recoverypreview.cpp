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
    case Action::RestartWorker:
        return R::tr("the provider reboots its machine; its disk stays");
    case Action::Replace:
        return R::tr("a new one is created; once that serves, this one is drained and terminated");
    case Action::Drain:
        return R::tr("takes no more work; terminated once its queue is empty or its time is up");
    case Action::Undrain:
        return R::tr("serves again");
    case Action::Hold:
        return R::tr("automation leaves it alone");
    case Action::Release:
        return R::tr("automation may act on it again");
    case Action::DeleteVolume:
        return R::tr("its data is gone for good");
    }
    return {};
}

QString whyNotHere(Action action, const InstanceView* view, const SourceStatus* source) {
    if (!view)
        return R::tr("It is not in the fleet any more.");
    if (!source || !source->capabilities.actions)
        return R::tr("Its source offers no actions.");
    if (!offers(*source, action))
        return source->capabilities.operations
                   ? R::tr("Its orchestrator does not let us do that (role %1).").arg(source->role)
                   : R::tr("Its orchestrator serves only part A of the contract; this needs part "
                           "B.");
    if (source->freshness == Freshness::Unreachable || source->freshness == Freshness::Stale)
        return R::tr("Its orchestrator does not answer.");
    return whyNotText(action, view->instance);
}

const ActionPreview::Item* answerFor(const ActionPreview* answer,
                                     const command::Act::Target& target) {
    if (!answer)
        return nullptr;
    const auto found = std::ranges::find_if(answer->items, [&](const auto& item) {
        return item.source == target.source && item.instance == target.named();
    });
    return found == answer->items.end() ? nullptr : &*found;
}

QString withDetail(const QString& guard, const QString& message) {
    return message.isEmpty() ? guardText(guard)
                             : QStringLiteral("%1 (%2)").arg(guardText(guard), message);
}

QString capacityLine(const FleetSnapshot& snapshot, const ActionPreview::Capacity& capacity) {
    const SourceStatus* source = snapshot.source(capacity.source);
    return R::tr("%1 says: %2 are ready now, at least %3 meanwhile, %4 after; %5 an hour, then %6")
        .arg(source ? source->name : capacity.source.value())
        .arg(capacity.ready)
        .arg(capacity.lowestReady)
        .arg(capacity.readyAfter)
        .arg(moneyText(capacity.costPerHour), moneyText(capacity.costPerHourAfter));
}

bool takesAway(Action action) {
    return action != Action::Hold && action != Action::Release && action != Action::Undrain &&
           action != Action::DeleteVolume;
}

/// Of the instance that is being looked at; null for any other.
const Volume* volumeOf(const FleetSnapshot& snapshot, const command::Act::Target& target) {
    const Inspection* look = snapshot.inspection.get();
    if (!look || target.volume.isEmpty() || look->source != target.source)
        return nullptr;
    const auto found = std::ranges::find(look->volumes, target.volume, &Volume::id);
    return found == look->volumes.end() ? nullptr : &*found;
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

bool offers(const SourceStatus& source, Action action) {
    const SourceCapabilities& can = source.capabilities;
    if (!can.operations)
        return can.actions && isPartA(action);
    return std::ranges::find(can.allowedActions, action) != can.allowedActions.end();
}

RecoveryPreview previewRecovery(const FleetSnapshot& snapshot, Action action,
                                const std::vector<command::Act::Target>& targets,
                                const OperationId& question) {
    const ActionPreview* answer = snapshot.actionPreview.get();
    if (answer && answer->id != question)
        answer = nullptr;
    RecoveryPreview preview;
    preview.action = action;
    std::map<QString, PoolCapacity> pools;
    for (const auto& target : targets) {
        const InstanceView* view = snapshot.find(target.source, target.instance);
        const SourceStatus* source = snapshot.source(target.source);
        RecoveryItem item;
        item.key = target.source.value() + QLatin1Char('/') + target.named().value();
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
        if (const Volume* volume = volumeOf(snapshot, target))
            item.effect =
                R::tr("%1, %2 GB: %3").arg(nameOf(*volume)).arg(volume->sizeGb).arg(item.effect);
        if (const auto* said = answerFor(answer, target); said && item.whyNot.isEmpty()) {
            if (!said->allowed)
                item.whyNot = withDetail(said->guard, said->message);
            else if (said->waits)
                item.effect +=
                    R::tr(" · waits for its turn: %1").arg(withDetail(said->guard, said->message));
        }
        if (item.whyNot.isEmpty()) {
            ++preview.allowed;
            PoolCapacity& pool = pools[item.pool];
            pool.pool = item.pool;
            pool.after -= serves(*view) && takesAway(action)
                              ? 1
                              : 0; // what it loses; the rest is added below
        }
        preview.items.push_back(std::move(item));
    }
    for (const Action each : allActions) {
        const bool any = std::ranges::any_of(targets, [&](const auto& target) {
            const SourceStatus* source = snapshot.source(target.source);
            const bool ofVolumes = each == Action::DeleteVolume;
            return source && ofVolumes == !target.volume.isEmpty() && offers(*source, each);
        });
        if (any || each == action)
            preview.offered.push_back(each);
    }
    if (answer) {
        QStringList lines = answer->failures;
        for (const ActionPreview::Capacity& capacity : answer->capacities)
            lines.append(capacityLine(snapshot, capacity));
        preview.capacity = lines.join(QLatin1Char('\n'));
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
