#pragma once

#include "core/config/settings.h"
#include "core/http/servertls.h"

namespace vigie {

/// The files that [server] names for TLS: certificate and key both, or nothing. Invalid otherwise.
Outcome<ServerTlsFiles> tlsFilesOf(const Settings& settings);

} // namespace vigie
