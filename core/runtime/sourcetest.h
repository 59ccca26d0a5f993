#pragma once

#include "core/runtime/sourceopener.h"

#include <QSslConfiguration>

namespace vigie {

/// What a test of a source needs; all by value or outliving it.
struct SourceTestTools {
    Clock& clock;
    std::function<Outcome<OpenedSource>(const SourceConfig&)> open;
    std::function<Outcome<QSslConfiguration>(const SourceConfig&)> tls;
};

/// Tries a source step by step (resolve, connect, TLS, then a whole poll for authentication,
/// contract and clock) and tells each step in a line that begins with "ok" or "FAILED". Ends at the
/// first step that fails.
Task<> testSource(SourceTestTools tools, SourceConfig config, std::function<void(QString)> line,
                  std::stop_token stop);

} // namespace vigie
