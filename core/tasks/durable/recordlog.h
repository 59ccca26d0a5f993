#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <span>
#include <vector>

namespace vigie {

/// What reading a log met on its way.
struct LogDamage {
    int places = 0;    ///< regions in the middle that are no record; what follows them was found
    qint64 bytes = 0;  ///< of those regions
    bool torn = false; ///< the last record was not written whole, as after a crash
};

/// An append-only file of checksummed records that several processes may share: every append is
/// durable when it returns. A record that a crash left half written is dropped; damage in the
/// middle costs the records it hits and none after them. Blocks for as long as the disk takes.
///
/// Layout, little endian: 8 bytes "VIGIELG1", then records of u32 0x43455256, u32 length, u32
/// CRC-32 of length and payload, payload. Space ahead is filled with zeros, so that an append
/// changes no metadata and its fdatasync writes only data.
class RecordLog {
public:
    static constexpr qint64 maxRecordBytes = 16 * 1024 * 1024;

    using Take = std::function<void(QByteArrayView payload)>;

    /// Opens or creates the file; nothing is read yet. Malformed when it is no such log.
    static Outcome<RecordLog> open(const QString& path);
    RecordLog(RecordLog&& other) noexcept;
    RecordLog& operator=(RecordLog&&) = delete;
    ~RecordLog();

    /// Holds the file for this process while it lives, against others who use it too; not nested.
    class [[nodiscard]] Guard {
    public:
        explicit Guard(RecordLog& log);
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        ~Guard();

    private:
        RecordLog& m_log;
    };

    /// Gives every record that this object has neither read nor written yet, in order. When another
    /// process has rewritten the file, `restart` is called first and all are given again. Call it
    /// under a Guard.
    Outcome<LogDamage> read(const Take& take, const std::function<void()>& restart = {});
    /// Under a Guard and after read(): adds records, all of them durable on success; on failure
    /// none of them counts.
    Outcome<void> append(std::span<const QByteArray> payloads);
    Outcome<void> append(const QByteArray& payload) { return append(std::span(&payload, 1)); }
    /// Under a Guard and after read(), as the last thing in it: replaces the whole content durably
    /// and at once.
    Outcome<void> rewrite(std::span<const QByteArray> payloads);

    qint64 size() const { return m_end; } ///< bytes of records, header included
    const QString& path() const { return m_path; }

private:
    explicit RecordLog(QString path) : m_path(std::move(path)) {}
    Outcome<void> openFile();
    Outcome<void> reserve(qint64 end);

    QString m_path;
    int m_descriptor = -1;
    qint64 m_end = 0;      ///< where the next record goes
    qint64 m_reserved = 0; ///< size of the file; zeros from m_end on
};

} // namespace vigie
