#pragma once

#include "core/base/outcome.h"
#include "core/resilience/faultinjection.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace vigie {

/// Reads rules of fault injection, in the order of the file:
///
///     [slow-provider]
///     key = "provider:*"        # pipelines that it strikes; * at the end stands for any ending
///     rate = 0.1                # share of calls, above 0
///     kind = "latency"          # fault, latency or outcome
///     latency_seconds = 2
///     error_class = "timeout"   # of a fault or an outcome
///     start_seconds = 60        # after the file was read
///     length_seconds = 30       # of one spell; 0: for ever
///     every_seconds = 600       # spells begin anew; 0: one spell
///
/// Invalid with one line for each mistake, naming `name`, the line, the key and what is allowed.
Outcome<std::vector<FaultRule>> readFaultRules(const QByteArray& toml, const QString& name);

} // namespace vigie
