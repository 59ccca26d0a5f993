#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace vigie {

/// Where checkpoints are read from. Keys are "<owner>/<name>", of letters, digits, '-', '_', '.'.
class CheckpointReader {
public:
    virtual ~CheckpointReader() = default;
    /// All keys that begin with `prefix`, sorted.
    virtual Task<Outcome<QStringList>> keys(QString prefix, std::stop_token stop) = 0;
    /// NotFound when there is none.
    virtual Task<Outcome<QByteArray>> get(QString key, std::stop_token stop) = 0;
    /// "file:///var/lib/vigie/checkpoints", for people.
    virtual QString where() const = 0;
};

/// A back-end that keeps checkpoints: a folder, an S3 bucket.
class CheckpointStorage : public CheckpointReader {
public:
    /// Durable when it succeeds, and all of it or nothing visible in any case. `retired` (may be
    /// empty) is no longer wanted and gone afterwards; its room may be used.
    virtual Task<Outcome<void>> put(QString key, QByteArray bytes, QString retired,
                                    std::stop_token stop) = 0;
    /// A missing key is fine.
    virtual Task<Outcome<void>> remove(QString key, std::stop_token stop) = 0;
};

} // namespace vigie
