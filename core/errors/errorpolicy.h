#pragma once

#include "core/base/outcome.h"
#include "core/config/settings.h"
#include "core/resilience/errorclassifier.h"

#include <QByteArray>
#include <QString>

#include <memory>

namespace vigie {

/// Reads a file of rules:
///
///     [rules.gateway-busy]      # tried in the order of the file, before everything built in
///     service = "ollama"        # all criteria that are given must hold
///     status = "503"            # or "500-599"
///     code = "busy*"
///     text = "the gateway is busy*"
///     class = "overloaded"
///
///     [classes.rate_limited]    # what a class means for the engine
///     retriable = true
///     counts_for_breaker = false
///     weight = 0.5
///
/// Invalid with one line for each mistake, naming `name`, the line, the key and what is allowed.
Outcome<ErrorPolicy> readErrorPolicy(const QByteArray& toml, const QString& name);

/// The keys of [resilience.errors].
std::vector<SettingSpec> errorSettings();

/// The classifier that these settings ask for; without a rules file, what is built in. Invalid as
/// readErrorPolicy(), or when the file can't be read or is longer than 1 MiB.
Outcome<std::shared_ptr<const ErrorClassifier>> errorClassifierFrom(const Settings& settings);

} // namespace vigie
