#include "core/alerts/alertrule.h"

#include <algorithm>

namespace vigie {

const SourceStatus* AlertFacts::source(const SourceId& id) const {
    const auto found = std::ranges::find(sources, id, &SourceStatus::id);
    return found == sources.end() ? nullptr : &*found;
}

QString AlertFacts::nameOf(const SourceId& id) const {
    const SourceStatus* status = source(id);
    return status && !status->name.isEmpty() ? status->name : id.value();
}

} // namespace vigie
