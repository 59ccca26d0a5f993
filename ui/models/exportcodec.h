#pragma once

#include "ui/models/tablemodel.h"

namespace vigie {

/// RFC 4180 with a header line, CRLF and UTF-8. A text that a spreadsheet would run as a formula
/// (it begins with = + - @ or a tab) is disarmed with an apostrophe: names come from elsewhere.
QByteArray toCsv(const TableModel::Extract& extract);

/// An array of objects, keys as in the header; unknown values are null.
QByteArray toJson(const TableModel::Extract& extract);

} // namespace vigie
