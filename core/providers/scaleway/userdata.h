#pragma once

#include "core/base/outcome.h"
#include "core/providers/provider.h"
#include "core/providers/scaleway/scalewayoptions.h"

#include <QByteArray>

namespace vigie {

/// resources/cloud-init/vigie-worker.yaml as it was when the program was built.
QString builtInUserData();

/// Fills in the template for one machine. Invalid when a value holds what could end a quotation
/// or a line in it (values come from deployments), when the template lacks the place of a value
/// without which no worker can start, or when the result is over Scaleway's 64 KiB.
Outcome<QByteArray> userDataFor(const WorkerBoot& boot, const UserDataOptions& options);

} // namespace vigie
