#pragma once

#include <QByteArray>

namespace vigie {

/// resources/openapi/vigie.yaml as JSON, with this build's version.
QByteArray openApiDocument();

} // namespace vigie
