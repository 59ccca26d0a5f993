#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/errors/classify.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace vigie {

struct StorageObject {
    QString key;
    qint64 size = 0;
    QString etag; ///< without its quotes; may be empty
    std::optional<WallTime> modified;
};

/// One page of a listing, in order of the keys' bytes.
struct StorageListing {
    std::vector<StorageObject> objects;
    QString continuation; ///< token of the next page; empty: this was the last
};

/// ListObjectsV2's XML. Malformed for anything else; a document type is refused, since entities of
/// one could make a short answer a very long one.
Outcome<StorageListing> decodeListing(const QByteArray& xml);

/// <Error><Code/><Message/><RequestId/></Error>; what is not found stays empty.
ErrorAnswer decodeStorageError(const QByteArray& xml);

} // namespace vigie
