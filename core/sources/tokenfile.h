#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// The one token that a file holds, white space around it aside. Invalid when the file can't be
/// read, is empty, or holds more than one word.
Outcome<QByteArray> readTokenFile(const QString& path);

} // namespace vigie
