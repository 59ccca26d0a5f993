#include "core/providers/mock/cloudlock.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace vigie {

namespace {

int openLock(const QString& path) {
    return ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                  0600);
}

} // namespace

Outcome<CloudLock> CloudLock::take(const QString& path) {
    CloudLock lock(openLock(path));
    int taken = -1;
    if (lock.m_descriptor >= 0) {
        do
            taken = ::flock(lock.m_descriptor, LOCK_EX);
        while (taken != 0 && errno == EINTR);
    }
    if (taken == 0)
        return lock;
    return fail(FailureKind::Storage,
                QStringLiteral("%1: %2").arg(path, QString::fromLocal8Bit(std::strerror(errno))));
}

std::optional<CloudLock> CloudLock::tryTake(const QString& path) {
    CloudLock lock(openLock(path));
    if (lock.m_descriptor >= 0 && ::flock(lock.m_descriptor, LOCK_EX | LOCK_NB) == 0)
        return lock;
    return std::nullopt;
}

CloudLock::CloudLock(CloudLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

CloudLock::~CloudLock() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace vigie
