#pragma once

#include "core/http/httpclient.h"

#include <optional>

namespace vigie {

/// The request that follows a redirect, or nothing when the reply is to be taken as it is (no
/// redirect, a mutating request, or none wanted). Refused as Malformed: a Location that can't be
/// read, another scheme than http and https, https to http, more than maxRedirects. To another
/// origin only what identifies no one is sent along: credentials stay with the host they are for.
Outcome<std::optional<HttpRequest>> followRedirect(const HttpRequest& request,
                                                   const HttpReply& reply, int followed);

} // namespace vigie
