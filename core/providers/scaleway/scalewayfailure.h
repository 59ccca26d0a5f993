#pragma once

#include "core/http/httpclient.h"

namespace vigie {

/// The failure of an answer of Scaleway's with status >= 300, `what` naming the call:
/// - NotFound only for a 404 that is typed and names `wantedId`; any other 404 is Malformed, for it
///   proves nothing. With an empty `wantedId`, which asks for nothing in particular, a typed 404 is
///   Invalid: the request names something that does not exist.
/// - RateLimited with the wait that headers or body ask for.
/// - Permanent, asking again is of no use: Invalid (invalid_arguments, invalid_request,
///   resource_expired), Unauthorized, Forbidden (permissions_denied, quota_exceeded), and
///   out_of_stock by its code.
/// - To be tried again: Conflict (transient_state, resource_locked, precondition_failed),
///   ServerError.
Failure scalewayFailure(const HttpReply& reply, const QString& what, const QString& wantedId = {});

} // namespace vigie
