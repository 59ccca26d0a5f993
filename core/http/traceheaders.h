#pragma once

#include "core/http/httpclient.h"

namespace vigie {

/// A new trace with random ids; `sampled` asks everyone on the way to keep it.
TraceContext newTrace(bool sampled);

/// The trace that a request belongs to, by its headers; nothing when it has none, or one that is
/// invalid. Below it, children of this context are what we do for the request.
std::optional<TraceContext> traceOf(const HttpHeaders& headers);

/// Gives the request a trace of its own unless it has one, by field or header; calls that are tried
/// again then stay in it. It is marked as sampled when the call changes something: polls would only
/// fill the tracing system of whoever is polled.
void beginTrace(HttpRequest& request);

/// Makes the sending a span of the request's trace, which is begun when there is none: adds
/// traceparent and tracestate unless the caller has set them.
void addTraceHeaders(HttpRequest& request);

} // namespace vigie
