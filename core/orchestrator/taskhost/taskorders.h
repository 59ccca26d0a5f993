#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

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

/// PATCH /dead_letters/{id}, as received; at least one of them.
struct LetterChange {
    std::optional<QString> prompt, model;
    std::optional<Duration> timeout;
    std::map<QString, QString> options; ///< of its engine
};

/// Invalid, naming the field and what is expected.
Outcome<RunOrder> decodeRunOrder(const QByteArray& body);
Outcome<LetterChange> decodeLetterChange(const QByteArray& body);

} // namespace vigie
