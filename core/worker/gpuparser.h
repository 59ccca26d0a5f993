#pragma once

#include "core/base/outcome.h"
#include "core/model/heartbeat.h"

#include <QByteArrayView>
#include <QStringList>

#include <vector>

namespace vigie {

/// What parseNvidiaSmi() reads: `--query-gpu=<fields> --format=csv,noheader,nounits`.
QStringList nvidiaSmiArguments();

/// One line per GPU. A figure that the card does not report ("[N/A]", "[Not Supported]", "ERR!")
/// is absent. Malformed, with the line's number, for anything that is not such a table; an empty
/// text is a machine without GPUs.
Outcome<std::vector<GpuSample>> parseNvidiaSmi(QByteArrayView output);

} // namespace vigie
