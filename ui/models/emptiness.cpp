#include "ui/models/emptiness.h"

#include "ui/models/words.h"

#include <QCoreApplication>

namespace vigie {

namespace {
struct E {
    Q_DECLARE_TR_FUNCTIONS(Emptiness)
};
} // namespace

Emptiness emptiness(const FleetSnapshot* snapshot, int total, const QString& filter,
                    const QString& nothing) {
    using Step = Emptiness::Step;
    if (total > 0 && !filter.isEmpty())
        return {E::tr("The filter hides all %n row(s).", nullptr, total), Step::ClearFilter,
                E::tr("Clear the filter")};
    if (!snapshot)
        return {E::tr("Waiting for the first look at the fleet…"), Step::None, {}};
    if (snapshot->sources.empty())
        return {E::tr("No orchestrator yet. Add one, or watch the demo fleet."), Step::OpenSources,
                E::tr("Sources…")};
    for (const SourceStatus& source : snapshot->sources) {
        if (source.lastSuccess)
            continue;
        if (!source.lastFailure)
            return {E::tr("Waiting for the first answer of %1…").arg(source.name), Step::PollNow,
                    E::tr("Poll now")};
        return {E::tr("%1 has never answered: %2")
                    .arg(source.name, withoutRequest(source.lastFailure->message)),
                Step::OpenSources, E::tr("Sources…")};
    }
    if (snapshot->blind())
        return {E::tr("Nothing was known here when the sources last answered. Not all of them are "
                      "live, so this may have changed."),
                Step::PollNow, E::tr("Poll now")};
    return {nothing, Step::None, {}};
}

} // namespace vigie
