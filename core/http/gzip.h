#pragma once

#include "core/http/responsebody.h"

namespace vigie {

/// Whether an Accept-Encoding header takes gzip (RFC 9110, 12.5.3); no header means no.
bool acceptsGzip(const QByteArray& acceptEncoding);

/// Whether a body of this media type is worth compressing: text, JSON, and the like.
bool isCompressible(const QByteArray& contentType);

/// The body in the gzip format, at zlib's fastest level; empty when they don't get smaller.
QByteArray gzipped(const ResponseBody& body);

} // namespace vigie
