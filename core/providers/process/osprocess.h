#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace vigie {

/// Names one process for good: pids are recycled, a pid with its start time is not, nor across a
/// reboot with the boot's id.
struct ProcessIdentity {
    qint64 pid = 0;
    quint64 startTicks = 0;
    QString bootId;
    friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

struct SpawnRequest {
    QString program;
    QStringList arguments;
    QList<QByteArray> environment; ///< all of it, "NAME=value" each
    QString directory;
    QString standardOutput, standardError; ///< files, appended to
};

/// The processes of this machine, as far as they belong to us. Thin over the kernel's calls.
namespace osprocess {

/// Starts a program in a session of its own, so that it outlives us, with no file of ours open.
/// Invalid when the program can't be run; the message names it and the reason.
Outcome<ProcessIdentity> spawn(const SpawnRequest& request);

/// Whether this very process runs (stopped by a signal counts); reaps it when it is a dead child.
bool alive(const ProcessIdentity& process);

/// Sends a signal to this very process, never to a later one of the same pid. False when it is
/// dead.
bool send(const ProcessIdentity& process, int signal);

/// The oldest running process that has `entry` ("NAME=value") in its environment.
std::optional<ProcessIdentity> findByEnvironment(const QByteArray& entry);

/// Reaps a child that has ended, if it has.
void reap(qint64 pid);

} // namespace osprocess

} // namespace vigie
