#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

namespace vigie {

/// The secret key: `given` when there is one, else what the file at `path` holds, without white
/// space around it. Invalid, never naming the key, when there is neither, when the file can't be
/// read or can be read by others than its owner (expected: mode 0600), or when it holds no key.
Outcome<QByteArray> readSecretKey(const QString& given, const QString& path);

} // namespace vigie
