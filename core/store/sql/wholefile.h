#pragma once

#include "core/base/outcome.h"

#include <QString>

namespace vigie::stores::sql {

/// A file that is being written beside its name, readable by its owner only, and that takes the
/// name when it is whole. What was not finished is removed.
class WholeFile {
public:
    enum class Existing { Refuse, Replace };
    /// Makes the empty file. Invalid names what is wrong with the name: a folder that is missing,
    /// a folder in its place, a file that is there already; Storage when it can't be made.
    static Outcome<WholeFile> begin(const QString& target, Existing existing);

    WholeFile(WholeFile&& other) noexcept;
    WholeFile& operator=(WholeFile&&) = delete;
    ~WholeFile();

    /// Where to write.
    const QString& path() const { return m_path; }
    /// Flushes it to the disk and gives it its name.
    Outcome<void> finish();

private:
    WholeFile(QString path, QString target, Existing existing);
    QString m_path, m_target;
    Existing m_existing;
};

/// Flushes a file or a folder to the disk.
Outcome<void> flushToDisk(const QString& path);

} // namespace vigie::stores::sql
