#include "core/tasks/durable/recordlog.h"

#include "core/tasks/durable/durablefile.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace vigie {

namespace {

constexpr char fileMagic[] = "VIGIELG1";
constexpr qint64 fileHeader = 8;
constexpr quint32 recordMagic = 0x43455256;
constexpr qint64 recordHeader = 12;
constexpr qint64 growth = 256 * 1024;
constexpr qint64 maxFileBytes = 1024LL * 1024 * 1024;

QByteArray framed(QByteArrayView payload) {
    QByteArray record(recordHeader, '\0');
    qToLittleEndian(recordMagic, record.data());
    qToLittleEndian(static_cast<quint32>(payload.size()), record.data() + 4);
    const quint32 sum = checksum(payload, checksum(QByteArrayView(record).sliced(4, 4)));
    qToLittleEndian(sum, record.data() + 8);
    return record.append(payload);
}

/// The payload of the record at `offset`, or nothing when there is no whole one.
std::optional<QByteArrayView> recordAt(QByteArrayView bytes, qint64 offset) {
    if (bytes.size() - offset < recordHeader)
        return {};
    const char* head = bytes.data() + offset;
    if (qFromLittleEndian<quint32>(head) != recordMagic)
        return {};
    const qint64 length = qFromLittleEndian<quint32>(head + 4);
    if (length > RecordLog::maxRecordBytes || length > bytes.size() - offset - recordHeader)
        return {};
    const QByteArrayView payload = bytes.sliced(offset + recordHeader, length);
    const quint32 sum = checksum(payload, checksum(bytes.sliced(offset + 4, 4)));
    if (qFromLittleEndian<quint32>(head + 8) != sum)
        return {};
    return payload;
}

bool isZero(QByteArrayView bytes) {
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

/// Where the next whole record begins, or -1.
qint64 nextRecord(QByteArrayView bytes, qint64 from) {
    char mark[4];
    qToLittleEndian(recordMagic, mark);
    for (qint64 at = from;; ++at) {
        at = bytes.indexOf(QByteArrayView(mark, 4), at);
        if (at < 0 || recordAt(bytes, at))
            return at;
    }
}

bool writeAt(int descriptor, QByteArrayView bytes, qint64 offset) {
    while (!bytes.isEmpty()) {
        const ssize_t written =
            ::pwrite(descriptor, bytes.data(), static_cast<std::size_t>(bytes.size()), offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        offset += written;
        bytes = bytes.sliced(written);
    }
    return true;
}

std::optional<QByteArray> readFrom(int descriptor, qint64 offset, qint64 size) {
    QByteArray bytes(size, Qt::Uninitialized);
    qint64 done = 0;
    while (done < size) {
        const ssize_t got = ::pread(descriptor, bytes.data() + done,
                                    static_cast<std::size_t>(size - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return {};
        if (got == 0)
            break;
        done += got;
    }
    bytes.truncate(done);
    return bytes;
}

} // namespace

RecordLog::RecordLog(RecordLog&& other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_end(other.m_end), m_reserved(other.m_reserved) {}

RecordLog::~RecordLog() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

RecordLog::Guard::Guard(RecordLog& log) : m_log(log) {
    for (;;) {
        while (::flock(m_log.m_descriptor, LOCK_EX) != 0 && errno == EINTR) {
        }
        // Whoever held it may have put another file in its place.
        struct stat ours {};
        struct stat named {};
        const bool same = ::fstat(m_log.m_descriptor, &ours) == 0 &&
                          ::stat(QFile::encodeName(m_log.m_path).constData(), &named) == 0 &&
                          ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
        if (same || !m_log.openFile())
            return;
    }
}

RecordLog::Guard::~Guard() {
    ::flock(m_log.m_descriptor, LOCK_UN);
}

Outcome<RecordLog> RecordLog::open(const QString& path) {
    RecordLog log(path);
    if (auto opened = log.openFile(); !opened)
        return fail(opened.error());
    return log;
}

// Leaves m_end at zero: nothing of this file was read yet.
Outcome<void> RecordLog::openFile() {
    const int descriptor =
        ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(storageFailure(QStringLiteral("can't open"), m_path));
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = descriptor;
    m_end = 0;
    m_reserved = 0;
    return {};
}

Outcome<LogDamage> RecordLog::read(const Take& take, const std::function<void()>& restart) {
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0)
        return fail(storageFailure(QStringLiteral("can't read"), m_path));
    if (status.st_size > maxFileBytes)
        return fail(FailureKind::TooLarge,
                    QStringLiteral("%1 is longer than %2 bytes").arg(m_path).arg(maxFileBytes));
    m_reserved = status.st_size;
    const bool first = m_end == 0;
    if (first && restart)
        restart();
    // While this process lives, what others append begins at m_end: one byte tells whether there is
    // anything, where the space ahead may be a quarter of a megabyte of zeros.
    if (!first) {
        const auto begin = readFrom(m_descriptor, m_end, 1);
        if (begin && isZero(*begin))
            return LogDamage{};
    }
    auto bytes = readFrom(m_descriptor, m_end, m_reserved - m_end);
    if (!bytes)
        return fail(storageFailure(QStringLiteral("can't read"), m_path));
    qint64 at = 0;
    if (first) {
        const QByteArrayView magic(fileMagic, fileHeader);
        // A crash while the file was made leaves it empty or with a part of the header.
        if (bytes->size() < fileHeader ? !magic.startsWith(*bytes) && !isZero(*bytes)
                                       : !bytes->startsWith(magic) && !isZero(*bytes))
            return fail(FailureKind::Malformed,
                        QStringLiteral("%1 is no record log of Vigie").arg(m_path));
        at = fileHeader;
        m_end = fileHeader;
        if (!bytes->startsWith(magic)) {
            if (!writeAt(m_descriptor, magic, 0))
                return fail(storageFailure(QStringLiteral("can't write"), m_path));
            m_reserved = std::max(m_reserved, fileHeader);
            if (auto synced = syncFolderOf(m_path); !synced)
                return fail(synced.error());
            return LogDamage{};
        }
    }
    const qint64 base = m_end - at;
    LogDamage damage;
    for (;;) {
        if (const auto payload = recordAt(*bytes, at)) {
            take(*payload);
            at += recordHeader + payload->size();
            continue;
        }
        const qint64 next = nextRecord(*bytes, at);
        if (next < 0)
            break;
        ++damage.places;
        damage.bytes += next - at;
        at = next;
    }
    m_end = base + at;
    const QByteArrayView rest = QByteArrayView(*bytes).sliced(std::min(at, bytes->size()));
    if (!isZero(rest)) {
        damage.torn = true;
        if (!writeAt(m_descriptor, QByteArray(rest.size(), '\0'), m_end))
            return fail(storageFailure(QStringLiteral("can't write"), m_path));
    }
    return damage;
}

Outcome<void> RecordLog::reserve(qint64 end) {
    if (end <= m_reserved)
        return {};
    const qint64 wanted = end + growth;
    if (!writeAt(m_descriptor, QByteArray(wanted - m_reserved, '\0'), m_reserved) ||
        ::fsync(m_descriptor) != 0)
        return fail(storageFailure(QStringLiteral("can't write"), m_path));
    m_reserved = wanted;
    return {};
}

Outcome<void> RecordLog::append(std::span<const QByteArray> payloads) {
    QByteArray bytes;
    for (const QByteArray& payload : payloads) {
        if (payload.size() > maxRecordBytes)
            return fail(FailureKind::TooLarge,
                        QStringLiteral("a record of %1 bytes is too long for %2, which takes %3")
                            .arg(payload.size())
                            .arg(m_path)
                            .arg(maxRecordBytes));
        bytes += framed(payload);
    }
    if (m_end + bytes.size() > maxFileBytes)
        return fail(FailureKind::TooLarge, QStringLiteral("%1 is full").arg(m_path));
    if (auto reserved = reserve(m_end + bytes.size()); !reserved)
        return reserved;
    if (!writeAt(m_descriptor, bytes, m_end) || ::fdatasync(m_descriptor) != 0) {
        const Failure failure = storageFailure(QStringLiteral("can't write"), m_path);
        // It must not be found later by a reader: its caller was told that it is not there.
        if (!writeAt(m_descriptor, QByteArray(bytes.size(), '\0'), m_end))
            return fail(storageFailure(QStringLiteral("can't take back from"), m_path));
        return fail(failure);
    }
    m_end += bytes.size();
    return {};
}

Outcome<void> RecordLog::rewrite(std::span<const QByteArray> payloads) {
    QByteArray bytes(fileMagic, fileHeader);
    for (const QByteArray& payload : payloads)
        bytes += framed(payload);
    if (auto replaced = replaceFileDurably(m_path, bytes); !replaced)
        return replaced;
    const qint64 end = bytes.size();
    const int old = std::exchange(m_descriptor, -1);
    auto opened = openFile();
    if (!opened) {
        m_descriptor = old;
        return opened;
    }
    // Still ours: the guard's end unlocks the new file, closing the old one lets waiters through.
    while (::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) {
    }
    ::close(old);
    m_end = end;
    m_reserved = end;
    return {};
}

} // namespace vigie
