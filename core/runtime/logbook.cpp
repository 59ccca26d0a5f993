#include "core/runtime/logbook.h"

#include <algorithm>
#include <tuple>

namespace vigie {

namespace {

QString keyOf(const SourceId& source, const ActionLogId& id) {
    return source.value() + QLatin1Char('/') + id.value();
}

bool newerFirst(const LogBook::Entry& a, const LogBook::Entry& b) {
    return std::tie(b->entry.createdAt, b->entry.id) < std::tie(a->entry.createdAt, a->entry.id);
}

} // namespace

std::vector<InstanceId> LogBook::merge(const SourceId& source, std::vector<ActionLog> entries) {
    std::vector<InstanceId> touched;
    std::vector<Entry> added;
    bool replaced = false;
    for (ActionLog& entry : entries) {
        Entry& known = m_known[keyOf(source, entry.id)];
        if (known && known->entry == entry)
            continue;
        touched.push_back(entry.instanceId);
        replaced |= !!known;
        known = std::make_shared<const FleetSnapshot::SourcedLog>(
            FleetSnapshot::SourcedLog{source, std::move(entry)});
        added.push_back(known);
    }
    if (touched.empty())
        return touched;
    if (replaced) { // what was replaced is known under its key by another pointer now
        std::erase_if(m_entries, [this](const Entry& old) {
            return m_known.value(keyOf(old->source, old->entry.id)) != old;
        });
    }
    m_entries.insert(m_entries.end(), added.begin(), added.end());
    std::ranges::sort(m_entries, newerFirst);
    while (m_entries.size() > m_limit) {
        m_known.remove(keyOf(m_entries.back()->source, m_entries.back()->entry.id));
        m_entries.pop_back();
    }
    return touched;
}

void LogBook::forget(const SourceId& source) {
    std::erase_if(m_entries, [&](const Entry& entry) {
        if (entry->source != source)
            return false;
        m_known.remove(keyOf(source, entry->entry.id));
        return true;
    });
}

} // namespace vigie
