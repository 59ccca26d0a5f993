#pragma once

#include "core/orchestrator/daemon.h"

#include <QByteArray>

namespace vigie {

/// The line that says a daemon is ready: {"event":"listening","url":…[,"token_file":…]} and a
/// newline.
QByteArray encodeListening(const Daemon::Listening& listening);

} // namespace vigie
