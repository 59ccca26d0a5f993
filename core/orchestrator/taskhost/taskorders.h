#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/tasks/runner/letterchange.h"

#include <QByteArray>
#include <QString>

#include <map>
#include <optional>

namespace vigie {

/// POST /tasks, as received.
struct RunOrder {
    QByteArray plan; ///< TOML (docs/tasks.md)
    QString id;      ///< of the run; empty: a new one is made up
};

/// Invalid, naming the field and what is expected.
Outcome<RunOrder> decodeRunOrder(const QByteArray& body);
/// The same for PATCH /dead_letters/{id}.
Outcome<LetterChange> decodeLetterChange(const QByteArray& body);

} // namespace vigie
