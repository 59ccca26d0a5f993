#include "core/providers/process/osprocess.h"

#include "core/providers/process/procstat.h"

#include <QDir>
#include <QFile>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

// This header of glibc 2.36 does not say that it is C.
extern "C" {
#include <sys/pidfd.h>
}

namespace vigie::osprocess {

namespace {

QByteArray readProc(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(4 * 1024 * 1024) : QByteArray();
}

QString procPath(qint64 pid, const char* name) {
    return QStringLiteral("/proc/%1/%2").arg(pid).arg(QLatin1String(name));
}

std::optional<ProcStat> statOf(qint64 pid) {
    return parseProcStat(readProc(procPath(pid, "stat")));
}

QString bootId() {
    static const QString id =
        QString::fromLatin1(readProc(QStringLiteral("/proc/sys/kernel/random/boot_id"))).trimmed();
    return id;
}

/// Owns what posix_spawn() is told, because those structures must be destroyed.
struct SpawnPlan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    SpawnPlan() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    void open(int descriptor, const QByteArray& path, int flags) {
        posix_spawn_file_actions_addopen(&actions, descriptor, path.constData(), flags, 0600);
    }
    void prepare(const SpawnRequest& request) {
        open(0, "/dev/null", O_RDONLY);
        open(1, QFile::encodeName(request.standardOutput), O_WRONLY | O_CREAT | O_APPEND);
        open(2, QFile::encodeName(request.standardError), O_WRONLY | O_CREAT | O_APPEND);
        posix_spawn_file_actions_addchdir_np(&actions,
                                             QFile::encodeName(request.directory).constData());
        // Boost.Asio leaves its sockets open across exec: a worker that held our listener would
        // keep a restarted daemon from its port.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                                  POSIX_SPAWN_SETSIGDEF);
    }
};

std::vector<char*> pointers(QList<QByteArray>& texts) {
    std::vector<char*> out;
    for (QByteArray& text : texts)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

} // namespace

Outcome<ProcessIdentity> spawn(const SpawnRequest& request) {
    SpawnPlan plan;
    plan.prepare(request);
    QList<QByteArray> arguments{QFile::encodeName(request.program)};
    for (const QString& argument : request.arguments)
        arguments.append(argument.toUtf8());
    QList<QByteArray> environment = request.environment;
    const auto argv = pointers(arguments);
    const auto envp = pointers(environment);
    pid_t pid = 0;
    const int error = posix_spawn(&pid, QFile::encodeName(request.program).constData(),
                                  &plan.actions, &plan.attributes, argv.data(), envp.data());
    if (error != 0)
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1 can't be started: %2")
                        .arg(request.program, QString::fromLocal8Bit(std::strerror(error))));
    // Our own unreaped child: its entry can't be anybody else's yet, even when it has ended.
    const auto stat = statOf(pid);
    return ProcessIdentity{pid, stat ? stat->startTicks : 0, bootId()};
}

bool alive(const ProcessIdentity& process) {
    if (process.pid <= 1 || process.bootId != bootId())
        return false;
    const auto stat = statOf(process.pid);
    if (!stat || stat->startTicks != process.startTicks)
        return false;
    if (stat->dead())
        reap(process.pid);
    return !stat->dead();
}

bool send(const ProcessIdentity& process, int signal) {
    const int handle = pidfd_open(static_cast<pid_t>(process.pid), 0);
    if (handle < 0 && errno != ENOSYS && errno != EPERM)
        return false;
    // From here on the handle means one process; whether it is the right one shows now.
    bool sent = false;
    if (alive(process))
        sent = handle >= 0 ? pidfd_send_signal(handle, signal, nullptr, 0) == 0
                           : ::kill(static_cast<pid_t>(process.pid), signal) == 0;
    if (handle >= 0)
        ::close(handle);
    return sent;
}

std::optional<ProcessIdentity> findByEnvironment(const QByteArray& entry) {
    std::optional<ProcessIdentity> oldest;
    const QStringList names = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString& name : names) {
        bool isPid = false;
        const qint64 pid = name.toLongLong(&isPid);
        if (!isPid || !readProc(procPath(pid, "environ")).split('\0').contains(entry))
            continue;
        const auto stat = statOf(pid);
        if (stat && !stat->dead() && (!oldest || stat->startTicks < oldest->startTicks))
            oldest = ProcessIdentity{pid, stat->startTicks, bootId()};
    }
    return oldest;
}

void reap(qint64 pid) {
    int status = 0;
    ::waitpid(static_cast<pid_t>(pid), &status, WNOHANG);
}

} // namespace vigie::osprocess
