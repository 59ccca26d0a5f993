#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/providers/provider.h"

#include <functional>
#include <map>
#include <optional>

namespace vigie {

/// Carries out the commands of the store's queue: wakes the job that a command is for, or reads the
/// catalogue, and ends the command once its effect is in the store or the work is done. A command
/// that was taken and not ended is delivered again, here or elsewhere. Of several orchestrators
/// each takes what is free; RECONCILE is for the one that leads, which runs the jobs of it.
class CommandDesk {
public:
    /// All outlive it.
    struct Parts {
        ControlPlane& plane;
        Provider& provider;
        /// Runs a job now; how many finished cycles it will have when that one is over. Nothing:
        /// it does not run here.
        std::function<std::optional<quint64>(const QString& job)> run;
        std::function<quint64(const QString& job)> cycles; ///< finished ones of a job
        /// Keeps what takes long until it is over or told to stop.
        std::function<void(Task<>)> carryOn;
    };
    explicit CommandDesk(Parts parts) : m_parts(std::move(parts)) {}
    CommandDesk(const CommandDesk&) = delete;
    CommandDesk& operator=(const CommandDesk&) = delete;

    /// One look at the queue; to be called every second and after a command was put into it.
    Task<> tick(std::stop_token stop);
    /// Our lease has ended: what we had taken is not ours any more.
    void forget();

    struct Figures {
        std::map<CommandKind, int> waiting; ///< all that are in the queue, at the newest look
        std::optional<WallTime> oldest;     ///< when the oldest of them was asked
        int inHand = 0;                     ///< of this orchestrator
        quint64 delivered = 0, done = 0, failed = 0;
    };
    const Figures& figures() const { return m_figures; }

private:
    /// What we have taken and not ended.
    struct InHand {
        int generation = 0;
        std::map<QString, quint64> awaited; ///< of each job so many finished cycles
        bool ending = false;                ///< the store is being told of its end
        bool synced = false;                ///< the catalogue was read, or could not be
        std::optional<std::chrono::milliseconds> again{}; ///< it is to be tried again after so long
    };

    Task<> look(std::stop_token stop);
    Task<> take(CommandKind kind, std::stop_token stop);
    void begin(InHand& work, const QueuedCommand& command, std::stop_token stop);
    bool isDone(const InHand& work, const QueuedCommand& command) const;
    Task<> endIfDone(QueuedCommand command);
    void dropEnded(const std::vector<QueuedCommand>& all);
    void wake(InHand& work, const char* job);
    Task<> sync(QueuedCommand command, std::stop_token stop);
    Task<> takePrices(QString correlationId);
    Task<> settle(QueuedCommand command, std::optional<std::chrono::milliseconds> again = {});

    Parts m_parts;
    std::map<QString, InHand> m_inHand;
    Figures m_figures;
    bool m_looking = false;
    bool m_again = false;
};

} // namespace vigie
