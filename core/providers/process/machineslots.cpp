#include "core/providers/process/machineslots.h"

#include "core/base/log.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

namespace vigie {

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

tl::unexpected<Failure> storage(const QString& path, const QString& why) {
    return fail(FailureKind::Storage, QStringLiteral("%1: %2").arg(path, why));
}

tl::unexpected<Failure> storage(const QString& path) {
    return storage(path, QString::fromLocal8Bit(std::strerror(errno)));
}

/// Whole, flushed, or not there.
Outcome<void> write(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return storage(path, file.errorString());
    file.setPermissions(ownerOnly);
    file.write(bytes);
    if (!file.commit())
        return storage(path, file.errorString());
    return {};
}

Outcome<QByteArray> read(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return storage(path, file.errorString());
    return file.read(1024 * 1024);
}

Outcome<bool> directoryExists(const QString& path) {
    struct stat status {};
    if (::stat(QFile::encodeName(path).constData(), &status) == 0)
        return S_ISDIR(status.st_mode);
    if (errno == ENOENT)
        return false;
    return storage(path);
}

Outcome<void> makeDirectory(const QString& path) {
    if (::mkdir(QFile::encodeName(path).constData(), 0700) != 0)
        return storage(path);
    return {};
}

Outcome<void> moveDirectory(const QString& from, const QString& to) {
    if (std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return storage(from);
    return {};
}

Outcome<void> removeTree(const QString& path) {
    if (!QDir(path).removeRecursively())
        return storage(path, QStringLiteral("can't be removed whole"));
    return {};
}

} // namespace

MachineSlots::MachineSlots(QString root) : m_root(QDir::cleanPath(QDir(root).absolutePath())) {}

Outcome<void> MachineSlots::open() {
    if (!QDir().mkpath(m_root))
        return storage(m_root, QStringLiteral("the directory can't be made"));
    const QStringList leftovers =
        QDir(m_root).entryList({QStringLiteral(".new-*"), QStringLiteral(".gone-*")},
                               QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QString& name : leftovers)
        if (const auto removed = removeTree(m_root + QLatin1Char('/') + name); !removed)
            return removed;
    return {};
}

bool MachineSlots::isMachineId(const MachineId& id) {
    static const QRegularExpression pattern(QStringLiteral("\\Am-[0-9a-f-]{1,64}\\z"));
    return pattern.match(id.value()).hasMatch();
}

QString MachineSlots::path(const MachineId& id) const {
    return m_root + QLatin1Char('/') + id.value();
}

QString MachineSlots::dataPath(const MachineId& id) const {
    return path(id) + QStringLiteral("/data");
}

QString MachineSlots::secretPath(const MachineId& id) const {
    return path(id) + QStringLiteral("/secret");
}

Outcome<bool> MachineSlots::exists(const MachineId& id) const {
    const auto slot = directoryExists(path(id));
    if (!slot || *slot)
        return slot;
    const auto root = directoryExists(m_root);
    if (!root)
        return root;
    if (!*root)
        return storage(m_root, QStringLiteral("the directory of all machines is gone; that says "
                                              "nothing about a single one"));
    return false;
}

Outcome<std::vector<SlotRecord>> MachineSlots::all() const {
    const auto root = directoryExists(m_root);
    if (!root)
        return fail(root.error());
    if (!*root || !QFileInfo(m_root).isReadable())
        return storage(m_root, QStringLiteral("the directory of all machines can't be read"));
    std::vector<SlotRecord> slots_;
    for (const QString& name : QDir(m_root).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const MachineId id(name);
        if (!isMachineId(id))
            continue;
        auto slot = read(id);
        if (slot)
            slots_.push_back(std::move(*slot));
        else
            logWarning(QStringLiteral("providers.process"),
                       QStringLiteral("machine left out: %1").arg(slot.error().message));
    }
    return slots_;
}

Outcome<SlotRecord> MachineSlots::read(const MachineId& id) const {
    const auto text = vigie::read(path(id) + QStringLiteral("/machine.json"));
    if (!text)
        return fail(text.error());
    auto slot = decodeSlot(*text);
    if (!slot)
        return fail(slot.error().kind, path(id) + QLatin1Char('/') + slot.error().message);
    if (slot->machine != id)
        return fail(FailureKind::Malformed,
                    QStringLiteral("%1/machine.json is the one of another machine, %2")
                        .arg(path(id), slot->machine.value()));
    return slot;
}

Outcome<void> MachineSlots::create(const SlotRecord& slot, const QString& secret) const {
    const QString fresh = m_root + QStringLiteral("/.new-") + slot.machine.value();
    if (const auto made = makeDirectory(fresh); !made)
        return made;
    if (const auto filled = fill(fresh, slot, secret); !filled)
        return filled;
    return moveDirectory(fresh, path(slot.machine));
}

Outcome<void> MachineSlots::fill(const QString& directory, const SlotRecord& slot,
                                 const QString& secret) const {
    if (const auto made = makeDirectory(directory + QStringLiteral("/data")); !made)
        return made;
    if (const auto w = write(directory + QStringLiteral("/secret"), secret.toUtf8()); !w)
        return w;
    return write(directory + QStringLiteral("/machine.json"), encodeSlot(slot));
}

Outcome<void> MachineSlots::reset(const SlotRecord& slot, const QString& secret) const {
    // machine.json stays all along: a slot without its tag would be lost.
    const QString directory = path(slot.machine);
    if (const auto removed = removeTree(dataPath(slot.machine)); !removed)
        return removed;
    for (const char* name : {"stdout.log", "stderr.log", "stdout.log.1", "stderr.log.1"})
        QFile::remove(directory + QLatin1Char('/') + QLatin1String(name));
    return fill(directory, slot, secret);
}

Outcome<void> MachineSlots::remove(const MachineId& id) const {
    const auto there = exists(id);
    if (!there)
        return fail(there.error());
    if (!*there)
        return {};
    // The machine is gone at once, whatever becomes of its files.
    const QString gone = m_root + QStringLiteral("/.gone-") + id.value();
    if (const auto moved = moveDirectory(path(id), gone); !moved)
        return moved;
    return removeTree(gone);
}

Outcome<std::optional<ProcessIdentity>> MachineSlots::process(const MachineId& id) const {
    const QString file = path(id) + QStringLiteral("/process.json");
    if (!QFile::exists(file))
        return std::nullopt;
    const auto text = vigie::read(file);
    if (!text)
        return fail(text.error());
    const auto process = decodeProcess(*text);
    if (!process)
        return fail(process.error().kind, path(id) + QLatin1Char('/') + process.error().message);
    return *process;
}

Outcome<void> MachineSlots::setProcess(const MachineId& id, const ProcessIdentity& process) const {
    return write(path(id) + QStringLiteral("/process.json"), encodeProcess(process));
}

Outcome<void> MachineSlots::forgetProcess(const MachineId& id) const {
    const QString file = path(id) + QStringLiteral("/process.json");
    if (QFile::exists(file) && !QFile::remove(file))
        return storage(file, QStringLiteral("can't be removed"));
    return {};
}

int MachineSlots::diskGb(const MachineId& id) const {
    constexpr qint64 gigabyte = 1000LL * 1000 * 1000;
    qint64 bytes = 0;
    QDirIterator files(dataPath(id), QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return static_cast<int>(std::max<qint64>(1, (bytes + gigabyte - 1) / gigabyte));
}

} // namespace vigie
