#pragma once

#include "core/config/settings.h"
#include "core/orchestrator/orphanbook.h"

namespace vigie::jobs {

/// The seed's names of the two keys that have one.
struct OrphanSeedNames {
    QStringView attempts, backoff;
};

/// The keys of OrphanLimits in a job's section.
std::vector<SettingSpec> orphanSpecs(const QString& section, OrphanSeedNames names = {});
OrphanLimits readOrphanLimits(const Settings& settings, const QString& section);

} // namespace vigie::jobs
