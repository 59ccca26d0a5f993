#pragma once

#include "core/model/fleetsnapshot.h"

#include <QHash>

namespace vigie {

/// The action logs of all sources as one, newest first: entries are known by source and id, one
/// that comes again replaces what was known (rows go from in_progress to their end in place).
class LogBook {
public:
    using Entry = std::shared_ptr<const FleetSnapshot::SourcedLog>;

    explicit LogBook(size_t limit = 2000) : m_limit(limit) {}

    /// The ids of the instances that new or changed entries are about; empty when nothing changed.
    std::vector<InstanceId> merge(const SourceId& source, std::vector<ActionLog> entries);
    void forget(const SourceId& source);

    const std::vector<Entry>& entries() const { return m_entries; }

private:
    size_t m_limit;
    std::vector<Entry> m_entries;
    QHash<QString, Entry> m_known; ///< by "source/id"
};

} // namespace vigie
