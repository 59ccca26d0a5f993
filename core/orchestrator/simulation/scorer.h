#pragma once

#include "core/model/instancestatus.h"
#include "core/orchestrator/simulation/simcloud.h"

#include <QSet>

namespace vigie {

/// How a simulation went; judgement.md, "Score".
struct Score {
    QString scenario;
    quint32 seed = 0;
    int falseKills = 0, missedDeaths = 0, automaticActions = 0, blockedByGuard = 0;
    int leakedVolumes = 0, wronglyDeletedVolumes = 0;
    double costOfLeaks = 0; ///< EUR, of volumes between the end of their machine and their own
    std::vector<double> detectSeconds, recoverSeconds; ///< of each death
    /// From each release by a person, with a death waiting for it, to the next automatic action.
    std::vector<double> resumeSeconds;
    /// Automatic actions while many at once could not be heard and nobody had released the brake,
    /// and such outages of which nobody was told why nothing is done.
    int actionsInOutage = 0, untoldOutages = 0;
    double workerHours = 0, wallSeconds = 0;
    int deaths = 0;
    QStringList mistakes;          ///< a sentence for each false kill and missed death
    QHash<QString, int> blockedBy; ///< deaths by the guard that held them back
};

QByteArray encodeScore(const Score& score);
/// A row of Markdown, and the head of its table.
QString scoreRow(const Score& score);
QString scoreHead();
/// Many seeds of one scenario together: counts add up, times are pooled.
Score together(const std::vector<Score>& seeds);

/// Compares what is true of the machines with what was done to them. It has rules of its own and
/// asks nobody's verdicts; only for a death that nothing was done about it asks which guard says
/// that it held the remedy back.
class Scorer {
public:
    /// What an observer outside sees of an instance in one tick.
    struct Seen {
        InstanceStatus status = InstanceStatus::Unknown;
        QString blockedBy; ///< "guard: why", as everybody can read it through the API
    };

    Scorer(const Scenario& scenario, const SimWorld& world, Duration threshold, int holdTicks);

    void commanded(const SimMachine& machine, MachineCommandKind kind, MonotonicTime now);
    /// Another machine was ordered in the place of this one.
    void replaced(const SimMachine& machine, MonotonicTime now);
    /// A person ended the storm brake.
    void released(MonotonicTime now);
    /// Once a tick, for each machine.
    void see(const SimMachine& machine, const Seen& seen, MonotonicTime now);
    /// Once a tick, after that; `told`: people are told that nothing automatic is done, and why.
    void seeOutage(bool told, MonotonicTime now);
    /// Once, at the end.
    Score end(MonotonicTime now, const SimCloud::Account& account);

private:
    struct Death {
        MonotonicTime at{};
        bool beating = false; ///< hung: taken out of service, and left to a person
        bool settled = false; ///< acted on, blocked or missed
        bool acted = false, blocked = false, writtenOff = false;
        QString held;                                    ///< the guard that holds it back now
        InstanceStatus status = InstanceStatus::Unknown; ///< as it is seen now
        std::optional<MonotonicTime> detected;
    };

    struct Outage {
        MonotonicTime at{};
        bool released = false, told = false;
    };
    struct Newcomer {
        QString zone;
        MonotonicTime readyAt{};
        bool taken = false; ///< it stands in the place of a dead one
    };

    bool isDead(const SimMachine& machine, MonotonicTime now) const;
    MonotonicTime deadline(const Death& death) const;
    void act(const QString& zone, MonotonicTime now);
    void block(const QString& by);
    /// Who is written off dead has recovered when another one serves in its place.
    void writeOff(const SimMachine& machine, MonotonicTime now);
    void settle(const SimMachine& machine, Death& death, MonotonicTime now);
    void miss(const SimMachine& machine, const QString& what, MonotonicTime now);

    Scenario m_scenario;
    const SimWorld& m_world;
    Duration m_threshold;
    int m_holdTicks;
    QHash<std::size_t, Death> m_deaths; ///< by the place of the machine
    QSet<std::size_t> m_writtenOff;
    QHash<std::size_t, Newcomer> m_newcomers;
    std::optional<Outage> m_outage;
    std::optional<MonotonicTime> m_releasedAt;
    Score m_score;
};

} // namespace vigie
