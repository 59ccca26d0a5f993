#pragma once

#include "tests/support/program.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

/// What a sub-command of vigied ended with and said.
struct Ran {
    int code = 0;
    QByteArray out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

inline Ran runVigied(const QStringList& arguments, const QString& dataHome = {}) {
    Program program(QStringLiteral("vigied"));
    if (!dataHome.isEmpty())
        program.setEnvironment(QStringLiteral("XDG_DATA_HOME"), dataHome);
    Ran ran;
    ran.code = program.run(arguments);
    ran.out = program.standardOutput();
    ran.err = program.standardError();
    return ran;
}

} // namespace vigie
