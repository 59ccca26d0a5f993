#pragma once

#include "core/providers/process/slotcodec.h"

#include <vector>

namespace vigie {

/// The slot directories below a root: what exists, written so that a crash at any point leaves a
/// slot whole or not there. Failures are Storage and name the path.
///
///     <root>/<machine>/machine.json   who it is, tags first of all
///                      process.json   its process; not there while one is being started
///                      secret         bootstrap secret, 0600
///                      stdout.log, stderr.log
///                      data/          its disk
class MachineSlots {
public:
    explicit MachineSlots(QString root);

    /// Makes the root and clears away what a crash left half made or half removed.
    Outcome<void> open();

    static bool isMachineId(const MachineId& id);
    QString path(const MachineId& id) const;
    QString dataPath(const MachineId& id) const;
    QString secretPath(const MachineId& id) const;

    /// False only when the directory is certainly not there: a root that is gone is a failure.
    Outcome<bool> exists(const MachineId& id) const;
    /// Those that can be read; others are logged and left out.
    Outcome<std::vector<SlotRecord>> all() const;
    Outcome<SlotRecord> read(const MachineId& id) const;

    Outcome<void> create(const SlotRecord& slot, const QString& secret) const;
    /// Empties the slot and writes it anew: a fresh disk, a new secret.
    Outcome<void> reset(const SlotRecord& slot, const QString& secret) const;
    /// Removing what is not there succeeds.
    Outcome<void> remove(const MachineId& id) const;

    /// Nothing: no start was completed.
    Outcome<std::optional<ProcessIdentity>> process(const MachineId& id) const;
    Outcome<void> setProcess(const MachineId& id, const ProcessIdentity& process) const;
    Outcome<void> forgetProcess(const MachineId& id) const;

    /// Bytes in the slot's data directory, rounded up to whole GB, at least 1.
    int diskGb(const MachineId& id) const;

private:
    Outcome<void> fill(const QString& directory, const SlotRecord& slot,
                       const QString& secret) const;

    QString m_root;
};

} // namespace vigie
