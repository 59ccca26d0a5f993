#pragma once

#include "core/base/outcome.h"

#include <QString>

namespace vigie {

/// An advisory lock of a file, between processes; the kernel ends it with the process.
class CloudLock {
public:
    /// Waits for it. Storage when the file can't be opened or locked.
    static Outcome<CloudLock> take(const QString& path);
    /// Nothing when another process has it.
    static std::optional<CloudLock> tryTake(const QString& path);

    CloudLock(CloudLock&& other) noexcept;
    CloudLock& operator=(CloudLock&&) = delete;
    ~CloudLock();

private:
    explicit CloudLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace vigie
