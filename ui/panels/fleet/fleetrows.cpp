#include "ui/panels/fleet/fleetrows.h"

namespace vigie::panels::fleet {

std::vector<FleetRow> rows(const FleetSnapshot& snapshot) {
    struct Known {
        QString name;
        std::optional<Duration> age;
    };
    QHash<SourceId, Known> sources;
    for (const SourceStatus& source : snapshot.sources) {
        Known known{source.name, std::nullopt};
        if (source.lastSuccess)
            known.age = snapshot.takenAt - *source.lastSuccess;
        sources.insert(source.id, known);
    }
    std::vector<FleetRow> rows;
    rows.reserve(snapshot.instances.size());
    for (const auto& view : snapshot.instances) {
        if (view->instance.isArchived || view->instance.status == InstanceStatus::Archived)
            continue;
        const Known known = sources.value(view->source);
        rows.push_back({view->key(), view, known.name, known.age});
    }
    return rows;
}

bool isStale(const FleetRow& row) {
    return row.view->freshness != Freshness::Live && row.view->freshness != Freshness::Late;
}

int urgency(const InstanceView& view) {
    switch (view.assessment.verdict) {
    case Verdict::Dead:
        return 0;
    case Verdict::Suspect:
        return 1;
    case Verdict::Unknown:
        return 2;
    case Verdict::Alive:
        return 3;
    case Verdict::Gone:
        break;
    }
    return 4;
}

} // namespace vigie::panels::fleet
