#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/orchestrator/orphanbook.h"

namespace vigie::jobs::volumereconciliation {

struct VolumeReconciliationOptions {
    bool enabled = true;
    OrphanLimits limits;
    Duration callLimit = std::chrono::minutes(5); ///< of one call to the provider
};

/// Brings the volumes at the provider and those in the store together; deletes only what is ours,
/// attached to nothing, wanted by nobody, and marked in an earlier cycle.
class VolumeReconciliationJob final : public Job {
public:
    VolumeReconciliationJob(JobContext& context, VolumeReconciliationOptions options);
    Task<JobReport> run(std::stop_token stop) override;
    QString switchedOffBy() const override;

private:
    /// Why no volume at all may be deleted now; empty when one may.
    QString whyNone(const std::vector<VolumeFinding>& findings) const;
    QString whyNot(const VolumeFinding& one) const;
    Task<Outcome<std::vector<VolumeFinding>>> survey(std::stop_token stop);
    /// The store's side: what is lost, what is attached.
    Task<> correctRows(JobReport& report, std::stop_token stop);
    Task<Outcome<void>> correctRow(VolumeFinding one, bool lost);
    Task<> deleteDue(JobReport& report, std::stop_token stop);
    Task<> deleteOne(VolumeFinding one, QString correlationId, JobReport& report,
                     std::stop_token stop);
    Task<Outcome<void>> writeDeleted(VolumeFinding one, QString correlationId);
    void describe();
    VolumeFinding* find(const QString& resource);

    /// How long, and in how many looks, a row's volume has been missing.
    struct Missing {
        MonotonicTime since{};
        int cycles = 0;
    };

    JobContext& m_context;
    VolumeReconciliationOptions m_options;
    OrphanBook m_book;
    std::vector<VolumeFinding> m_findings; ///< of this cycle
    QHash<VolumeId, Missing> m_missing;
};

} // namespace vigie::jobs::volumereconciliation
