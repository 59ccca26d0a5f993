#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QString>

#include <map>
#include <optional>

namespace vigie {

/// A create that was begun and may have made a server, whatever became of its answer.
struct BegunCreate {
    QString zone;
    WallTime at{};  ///< when it was begun
    QString server; ///< UUID, once it was answered
};

/// Remembers across crashes which servers may exist although no list shows them yet: Scaleway's
/// lists lag behind, and a second create in that while would be a leak. One small file.
class CreateJournal {
public:
    CreateJournal(Clock& clock, QString file, Duration keep);

    /// Storage or Malformed, naming the file.
    Outcome<void> open();
    const BegunCreate* find(const QString& tag) const;
    /// Durable when it returns; nothing may be sent before.
    Outcome<void> begin(const QString& tag, const QString& zone);
    Outcome<void> answered(const QString& tag, const QString& server);
    /// It certainly made nothing.
    Outcome<void> forget(const QString& tag);

private:
    Outcome<void> save();

    Clock& m_clock;
    QString m_file;
    Duration m_keep;                        ///< older ones are dropped when something is written
    std::map<QString, BegunCreate> m_begun; ///< by tag
};

QByteArray encodeCreates(const std::map<QString, BegunCreate>& begun);
Outcome<std::map<QString, BegunCreate>> decodeCreates(const QByteArray& text);

} // namespace vigie
