#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/orphanmark.h"

#include <QHash>
#include <QSet>

#include <functional>

namespace vigie {

/// The guard of judgement.md on what is deleted because nobody wants it.
struct OrphanLimits {
    Duration seenFor = std::chrono::hours(1);      ///< unbroken, before it is marked
    int cycles = 2;                                ///< at least so many looks agree
    Duration deleteAfter = std::chrono::hours(24); ///< from the mark to the deletion
    int perCycle = 3;                              ///< deleted in one cycle, or ...
    double share = 0.05;                           ///< ... this share of ours, if that is more
    int maxAttempts = 5;                           ///< failed deletions until the alert
    Duration firstDelay = std::chrono::seconds(60);
    Duration maxDelay = std::chrono::hours(1);
    Duration slowRetry = std::chrono::hours(6); ///< once the attempts are used up

    /// How many may be deleted in one cycle when so many are ours.
    int mayDelete(int ours) const;
};

/// Something of ours at the provider that nobody wants, as one look finds it.
struct Orphan {
    QString resource;
    InstanceId instance;
    QString why;
    bool asked = false;    ///< its deletion was asked for
    bool disowned = false; ///< the store is older than it
};

/// Remembers orphans from look to look: those that stand long enough are marked, durably, and only
/// what was marked in an earlier look may be deleted in a later one that sees the same.
class OrphanBook {
public:
    OrphanBook(ControlPlane& plane, OrphanKind kind, OrphanLimits limits)
        : m_plane(plane), m_kind(kind), m_limits(limits) {}

    /// Reads the marks; must succeed before each look.
    Task<Outcome<void>> recall();

    /// One look at a complete list. Marks whose orphan is wanted again end, with `whyNot` of its
    /// id; so do those of which that is empty: the provider has it no more. Those that stood long
    /// enough are marked. How many were marked, or Storage.
    Task<Outcome<int>> look(std::vector<Orphan> orphans, std::function<QString(QString)> whyNot);

    /// Those that may be deleted now, longest marked first: marked in an earlier look, seen in this
    /// one, past their delay and back-off.
    std::vector<OrphanMark> due() const;

    /// What became of a deletion.
    Task<Outcome<void>> deleted(QString resource);
    Task<Outcome<void>> failed(QString resource, Failure failure);
    /// In observe mode: says what would be done, once.
    Task<Outcome<void>> tell(QString resource);

    std::optional<OrphanMark> mark(const QString& resource) const;
    /// For how long it has been seen, unbroken.
    std::optional<Duration> seenFor(const QString& resource) const;
    int marked() const { return static_cast<int>(m_marks.size()); }
    int usedUp() const;

private:
    struct Seen {
        MonotonicTime since{};
        int cycles = 0;
    };
    struct Standing {
        OrphanMark mark;
        ActionLogId row;
        MonotonicTime knownAt{}; ///< when this process first knew of it ...
        Duration before{};       ///< ... and what had passed then by the wall clock
        bool fresh = false;      ///< marked in the newest look
    };

    Duration age(const Standing& standing) const;
    Task<Outcome<void>> write(OrphanMark mark, QStringView actionType);
    Task<Outcome<void>> replace(OrphanMark mark, QStringView actionType, ActionLogFinish oldRow);
    Task<> end(QString resource, QString why);

    ControlPlane& m_plane;
    OrphanKind m_kind;
    OrphanLimits m_limits;
    QHash<QString, Seen> m_seen;
    QHash<QString, Standing> m_marks;
};

} // namespace vigie
