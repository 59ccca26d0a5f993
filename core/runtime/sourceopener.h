#pragma once

#include "core/runtime/enginehandle.h"
#include "core/sources/source.h"

#include <functional>
#include <memory>

namespace vigie {

/// A source and the client it calls through. The source dies first.
struct OpenedSource {
    std::shared_ptr<HttpClient> client;
    std::unique_ptr<Source> source;
};

/// The engine's way to the network; a test gives its own.
struct SourceOpener {
    /// A source of that configuration, or what is wrong with it. Called again before each poll
    /// until it succeeds.
    std::function<Outcome<OpenedSource>(const SourceConfig&)> open;
    /// Tries a configuration step by step, telling each as a line.
    std::function<Task<>(SourceConfig, std::function<void(QString)> line, std::stop_token)> test;
};

/// Opens what this build's registry knows, over the network. `clock` outlives what is opened.
SourceOpener networkOpener(Clock& clock, const EngineOptions& options);

/// `config` with its id and name filled in from its URL where they are empty.
SourceConfig completed(SourceConfig config);

} // namespace vigie
