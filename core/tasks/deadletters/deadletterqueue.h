#pragma once

#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/durable/recordlog.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace vigie {

/// The bounds of a queue.
struct DeadLetterOptions {
    int maxTries = 3;                             ///< replays that may fail before a letter rests
    Duration timeToLive = std::chrono::hours(24); ///< from the task's death
    int maxLetters = 10'000; ///< one more pushes the oldest out, with a warning
};

/// Tasks that failed for good, on disk: looked at, edited, replayed, dropped. Several processes may
/// use one queue at a time; what a call changes is durable when it returns. Belongs to one thread,
/// which waits for the disk.
class DeadLetterQueue {
public:
    /// Opens or creates `folder`/dead-letters.log.
    static Outcome<DeadLetterQueue> open(Clock& clock, const QString& folder,
                                         DeadLetterOptions options);

    /// Adds a letter, or replaces the one of its id. Sets its diedAt and expiresAt when they are
    /// zero. Letters that expired meanwhile are dropped.
    Outcome<void> add(DeadLetter letter);
    /// Oldest first, expired ones left out.
    Outcome<std::vector<DeadLetter>> letters();
    /// NotFound, naming a near id, when there is none.
    Outcome<DeadLetter> find(const QString& id);
    /// Changes a letter in place; its id stays. Its tries begin again at zero.
    Outcome<DeadLetter> edit(const QString& id, const std::function<void(DeadLetter&)>& change);
    /// Ends a letter: `why` is kept in the log until it is next rewritten.
    Outcome<void> drop(const QString& id, const QString& why);
    /// A replay failed: one more try, with what it failed of.
    Outcome<DeadLetter> failedAgain(const QString& id, int attempts, ErrorClass errorClass,
                                    const QString& message);

    /// False once a letter has had its replays; edit() lets it try again.
    bool mayReplay(const DeadLetter& letter) const { return letter.tries < m_options.maxTries; }
    void setOptions(const DeadLetterOptions& options) { m_options = options; }
    const DeadLetterOptions& options() const { return m_options; }
    /// Letters pushed out because the queue was full, by this object.
    quint64 pushedOut() const { return m_pushedOut; }
    const QString& path() const { return m_log.path(); }

private:
    DeadLetterQueue(Clock& clock, RecordLog log, DeadLetterOptions options)
        : m_clock(clock), m_log(std::move(log)), m_options(options) {}

    Outcome<void> catchUp();
    void apply(const DeadLetterEvent& event);
    std::vector<DeadLetterEvent> expired();
    Outcome<void> write(const std::vector<DeadLetterEvent>& events);
    Outcome<void> compactIfWorthIt();
    Failure unknown(const QString& id) const;

    Clock& m_clock;
    RecordLog m_log;
    DeadLetterOptions m_options;
    std::map<QString, std::pair<quint64, DeadLetter>> m_letters; ///< with their order of death
    WallTime m_nextExpiry = WallTime::max();                     ///< no letter expires before
    quint64 m_next = 0;
    qint64 m_records = 0; ///< in the log, superseded ones included
    quint64 m_pushedOut = 0;
};

} // namespace vigie
