#include "core/runtime/viewbuilder.h"

#include "core/runtime/advice.h"
#include "core/runtime/statelimits.h"
#include "core/watchdog/beatstatistics.h"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

using namespace std::chrono_literals;

/// Cut to the smaller of the two units in which people read a duration.
Duration asRead(Duration duration) {
    const Duration unit = duration < 1h ? Duration(1s) : duration < 24h ? Duration(1min) : 1h;
    return duration - duration % unit;
}

std::optional<Duration> timeInState(const FleetEntry& entry, const ReadingTime& time) {
    std::optional<Duration> told;
    if (const auto since = stateSince(*entry.told))
        told = time.ageOf(*since);
    return asRead(told.value_or(time.at - entry.stateSeen));
}

std::optional<Duration> heartbeatAge(const FleetEntry& entry, const ReadingTime& time) {
    if (!entry.lastBeat)
        return std::nullopt;
    return asRead(time.at - *entry.lastBeat);
}

std::optional<double> suspicion(const FleetEntry& entry, const ViewContext& context) {
    if (!entry.lastBeat)
        return std::nullopt;
    const BeatStatistics usual =
        beatStatistics(entry.rhythm.intervals(), context.policy.expectedBeatInterval);
    return phi(context.time.at - *entry.lastBeat, usual.mean, usual.deviation);
}

} // namespace

InstanceView buildView(const FleetEntry& entry, const ViewContext& context) {
    InstanceView view;
    view.instance = *entry.told;
    view.source = context.source;
    view.freshness = context.freshness;
    view.beats = entry.strip.ticks();
    view.firstSeen = entry.firstSeen;
    view.timeInState = timeInState(entry, context.time);
    view.stateLimit = stateLimit(entry.told->status, context.options);
    if (entry.told->assessment) {
        view.assessment = *entry.told->assessment;
    } else {
        AdviceFacts facts{entry.lastBeat, suspicion(entry, context), context.watcher->around(entry),
                          context.policy, context.time.at,           context.time.wall};
        Advice advice = advise(*entry.told, facts);
        view.assessment = std::move(advice.assessment);
        view.advisory = advice.advisory;
    }
    if (const auto age = heartbeatAge(entry, context.time))
        view.assessment.heartbeatAge = age;
    if (view.assessment.phi)
        view.assessment.phi = std::round(*view.assessment.phi * 10) / 10;
    return view;
}

InstanceView blindView(const InstanceView& last, Freshness freshness,
                       const std::array<BeatTick, 60>& beats) {
    InstanceView view = last;
    view.freshness = freshness;
    view.beats = beats;
    if (view.assessment.verdict == Verdict::Alive) {
        view.assessment.verdict = Verdict::Unknown;
        view.assessment.rule = QStringLiteral("source-blind");
        view.advisory = true;
    }
    return view;
}

std::shared_ptr<const InstanceView> shared(std::shared_ptr<const InstanceView> last,
                                           InstanceView next) {
    if (!last)
        return std::make_shared<const InstanceView>(std::move(next));
    auto& fresh = next.assessment.evidence;
    const auto& old = last->assessment.evidence;
    if (fresh.size() == old.size()) {
        // A witness who says the same as before has said it since then.
        for (size_t i = 0; i < fresh.size(); ++i) {
            if (fresh[i].source == old[i].source && fresh[i].says == old[i].says)
                fresh[i].at = old[i].at;
        }
    }
    if (*last == next)
        return last;
    return std::make_shared<const InstanceView>(std::move(next));
}

bool upToDate(const FleetEntry& entry, const ViewContext& context) {
    // Advice depends on the whole fleet and on time: it is always made anew.
    if (!entry.view || entry.retold || !entry.told->assessment)
        return false;
    const InstanceView& view = *entry.view;
    return view.freshness == context.freshness && view.beats == entry.strip.ticks() &&
           view.timeInState == timeInState(entry, context.time) &&
           (!entry.lastBeat || view.assessment.heartbeatAge == heartbeatAge(entry, context.time));
}

} // namespace vigie
