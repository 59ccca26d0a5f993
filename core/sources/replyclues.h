#pragma once

#include "core/http/httpclient.h"

#include <optional>

namespace vigie {

/// A web page, by its content type or its first bytes; a portal or a proxy answers with those.
bool isHtml(const HttpReply& reply);

/// What came, for the middle of a sentence: "a web page", "JSON", "12 bytes of text/plain".
QString describe(const HttpReply& reply);

/// `failure` with what a person can do about it in this program, where the sentence of the HTTP
/// client can't know: a certificate that is not trusted can be given in the Sources dialog too.
Failure withAdvice(Failure failure);

/// The other side's clock minus ours, from a stamp it put into the reply (or else from the Date
/// header, which is good to half a second), taken to be made half-way through the call.
std::optional<Duration> clockOffset(const HttpReply& reply, std::optional<WallTime> stamp = {});

} // namespace vigie
