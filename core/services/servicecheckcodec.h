#pragma once

#include "core/services/servicecheck.h"

#include <QByteArray>

namespace vigie {

/// One JSON object: service, url, healthy, latency_seconds, retries, checked_at; version and
/// summary when healthy, error_class and message when not.
QByteArray encodeServiceCheck(const ServiceCheck& check);

} // namespace vigie
