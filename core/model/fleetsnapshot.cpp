#include "core/model/fleetsnapshot.h"

#include "core/model/words.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr std::array<Word<Freshness>, 5> freshnesses{{
    {Freshness::Waiting, u"waiting"},
    {Freshness::Live, u"live"},
    {Freshness::Late, u"late"},
    {Freshness::Stale, u"stale"},
    {Freshness::Unreachable, u"unreachable"},
}};

constexpr std::array<Word<ItemState>, 6> itemStates{{
    {ItemState::Waiting, u"waiting"},
    {ItemState::Running, u"running"},
    {ItemState::Done, u"done"},
    {ItemState::Failed, u"failed"},
    {ItemState::Skipped, u"skipped"},
    {ItemState::OutcomeUnknown, u"outcome_unknown"},
}};

} // namespace

QString toString(Freshness freshness) {
    return wordOf(freshnesses, freshness);
}

QString toString(ItemState state) {
    return wordOf(itemStates, state);
}

bool InstanceView::hasFallenSilent() const {
    const auto heard = [](BeatTick tick) {
        return tick == BeatTick::OnTime || tick == BeatTick::Late;
    };
    return instance.workerLastHeartbeat && std::none_of(beats.end() - 3, beats.end(), heard);
}

const SourceStatus* FleetSnapshot::source(const SourceId& id) const {
    const auto found = std::ranges::find(sources, id, &SourceStatus::id);
    return found == sources.end() ? nullptr : &*found;
}

const InstanceView* FleetSnapshot::find(const SourceId& sourceId, const InstanceId& id) const {
    const QString key = sourceId.value() + QLatin1Char('/') + id.value();
    const auto found =
        std::ranges::lower_bound(instances, key, {}, [](const auto& view) { return view->key(); });
    return found != instances.end() && (*found)->key() == key ? found->get() : nullptr;
}

bool FleetSnapshot::blind() const {
    return std::ranges::any_of(
        sources, [](const SourceStatus& s) { return s.freshness != Freshness::Live; });
}

} // namespace vigie
