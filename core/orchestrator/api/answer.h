#pragma once

#include "core/base/clock.h"
#include "core/base/failure.h"
#include "core/http/httpserver.h"

namespace vigie::answer {

/// {"error": code, "message": sentence}.
ServerResponse error(int status, const QString& code, const QString& message);

/// The answer to a failure: its kind gives the status, its code (or kind) the error word. A store
/// that failed is 503 store_unavailable with Retry-After.
ServerResponse failed(const Failure& failure);

ServerResponse json(QByteArray body, int status = 200);

/// Whether an If-None-Match (RFC 9110, 13.1.2) names this tag: `*`, or a list in which it stands;
/// a tag that a proxy has made weak is still the same.
bool names(QByteArrayView ifNoneMatch, QByteArrayView etag);

/// 429 with Retry-After.
ServerResponse tooManyRequests(const QString& caller, Duration wait);

/// 404 instance_not_found.
ServerResponse unknownInstance(const QString& id);
/// 409 led_elsewhere: another orchestrator on the same store does that.
ServerResponse ledElsewhere(const QString& what, const QString& leader);

} // namespace vigie::answer
