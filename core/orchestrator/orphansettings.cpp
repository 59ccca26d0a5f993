#include "core/orchestrator/orphansettings.h"

#include "core/orchestrator/jobs/jobspec.h"

namespace vigie::jobs {

std::vector<SettingSpec> orphanSpecs(const QString& section, OrphanSeedNames names) {
    using enum SettingType;
    constexpr double month = 30 * 86400.0;
    return {
        jobSpec(section, u"orphan_after_seconds", Seconds, 3600.0,
                u"Seconds for which an orphan must be seen, unbroken, before it is marked.", u"",
                0.0, month),
        jobSpec(section, u"orphan_cycles", Integer, 2,
                u"Cycles that must agree before an orphan is marked, and before it is deleted.",
                u"", 2.0, 1000.0),
        jobSpec(section, u"delete_after_seconds", Seconds, 86400.0,
                u"Seconds from the mark to the deletion.", u"", 0.0, 12 * month),
        jobSpec(section, u"delete_limit", Integer, 3,
                u"Orphans deleted in one cycle, unless delete_share allows more.", u"", 0.0,
                10000.0),
        jobSpec(section, u"delete_share", Number, 0.05,
                u"Share of what is ours that may be deleted in one cycle.", u"", 0.0, 1.0),
        jobSpec(section, u"retry_max_attempts", Integer, 5,
                u"Failed deletions of one orphan until it is told as needing a person.",
                names.attempts, 1.0, 1000.0),
        jobSpec(section, u"retry_backoff_seconds", Seconds, 60.0,
                u"Seconds before a deletion is tried again; each further wait is twice as long.",
                names.backoff, 0.01, 86400.0),
        jobSpec(section, u"retry_max_delay_seconds", Seconds, 3600.0,
                u"Longest seconds between two tries.", u"", 0.01, month),
        jobSpec(section, u"slow_retry_seconds", Seconds, 21600.0,
                u"Seconds between two tries once the attempts are used up.", u"", 1.0, month),
    };
}

OrphanLimits readOrphanLimits(const Settings& settings, const QString& section) {
    const auto path = [&section](QStringView key) { return jobPath(section, key); };
    OrphanLimits limits;
    limits.seenFor = settings.seconds(path(u"orphan_after_seconds"));
    limits.cycles = settings.integer(path(u"orphan_cycles"));
    limits.deleteAfter = settings.seconds(path(u"delete_after_seconds"));
    limits.perCycle = settings.integer(path(u"delete_limit"));
    limits.share = settings.number(path(u"delete_share"));
    limits.maxAttempts = settings.integer(path(u"retry_max_attempts"));
    limits.firstDelay = settings.seconds(path(u"retry_backoff_seconds"));
    limits.maxDelay = settings.seconds(path(u"retry_max_delay_seconds"));
    limits.slowRetry = settings.seconds(path(u"slow_retry_seconds"));
    return limits;
}

} // namespace vigie::jobs
