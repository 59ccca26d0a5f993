// Checkpoints and dead letters against what the disk charges for the bare minimum, in the same run.

#include "core/base/systemclock.h"
#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/checkpoints/localcheckpoints.h"
#include "core/tasks/deadletters/deadletterqueue.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace vigie;

constexpr qsizetype stateBytes = 64 * 1024;

/// Beside the build and not in /tmp, which may be memory.
QTemporaryDir folderOnDisk() {
    return QTemporaryDir(QStringLiteral("bench_tasks_XXXXXX"));
}

void writeFsyncRename(benchmark::State& state) {
    const QTemporaryDir folder = folderOnDisk();
    const QByteArray bytes(stateBytes, 's');
    const QByteArray path = QFile::encodeName(folder.filePath(QStringLiteral("state")));
    const QByteArray temporary = path + ".tmp";
    for (auto _ : state) {
        const int file = ::open(temporary.constData(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (::write(file, bytes.constData(), static_cast<size_t>(bytes.size())) != bytes.size() ||
            ::fsync(file) != 0)
            state.SkipWithError("the disk refuses");
        ::close(file);
        if (std::rename(temporary.constData(), path.constData()) != 0)
            state.SkipWithError("the disk refuses");
    }
}
BENCHMARK(writeFsyncRename)->Name("Floor/WriteFsyncRename");

void checkpointSave(benchmark::State& state) {
    const QTemporaryDir folder = folderOnDisk();
    SystemClock clock;
    LocalCheckpoints storage(folder.path());
    CheckpointHistory history(clock, storage, QStringLiteral("run"), 5);
    const QByteArray bytes(stateBytes, 's');
    const auto save = [](CheckpointHistory& to, QByteArray what, bool& failed) -> Task<> {
        const auto saved = co_await to.save(std::move(what), {});
        failed = !saved;
    };
    bool failed = false;
    // The state of things after the first few: old checkpoints make room for new ones.
    for (int i = 0; i < 5; ++i)
        const Task<> filling = save(history, bytes, failed);
    for (auto _ : state) {
        const Task<> saving = save(history, bytes, failed); // local disk: over when it returns
        if (failed)
            state.SkipWithError("it can't be saved");
    }
}
BENCHMARK(checkpointSave)->Name("Checkpoint/Save");

/// What every durable record costs at least: bytes written over others, and a flush.
void overwriteFdatasync(benchmark::State& state) {
    const QTemporaryDir folder = folderOnDisk();
    const QByteArray path = QFile::encodeName(folder.filePath(QStringLiteral("log")));
    const int file = ::open(path.constData(), O_RDWR | O_CREAT, 0600);
    const QByteArray zeros(4 * 1024 * 1024, '\0');
    const QByteArray record(700, 'r');
    if (::write(file, zeros.constData(), static_cast<size_t>(zeros.size())) != zeros.size() ||
        ::fsync(file) != 0)
        state.SkipWithError("the disk refuses");
    off_t at = 0;
    for (auto _ : state) {
        if (::pwrite(file, record.constData(), static_cast<size_t>(record.size()), at) !=
                record.size() ||
            ::fdatasync(file) != 0)
            state.SkipWithError("the disk refuses");
        at = (at + record.size()) % (zeros.size() - record.size());
    }
    ::close(file);
}
BENCHMARK(overwriteFdatasync)->Name("Floor/OverwriteFdatasync");

void deadLetterAppend(benchmark::State& state) {
    const QTemporaryDir folder = folderOnDisk();
    SystemClock clock;
    auto queue = DeadLetterQueue::open(clock, folder.path(), {});
    if (!queue) {
        state.SkipWithError("no queue");
        return;
    }
    DeadLetter letter;
    letter.runId = QStringLiteral("run");
    letter.task.prompt = QString(200, u'p');
    letter.message = QStringLiteral("GPU kernel overload");
    std::vector<double> took;
    int number = 0;
    for (auto _ : state) {
        letter.id = QString::number(++number % 5000);
        const MonotonicTime begin = clock.now();
        if (!queue->add(letter))
            state.SkipWithError("it can't be added");
        took.push_back(std::chrono::duration<double, std::micro>(clock.now() - begin).count());
    }
    std::ranges::sort(took);
    if (!took.empty())
        state.counters["p99_us"] = took[took.size() * 99 / 100];
}
BENCHMARK(deadLetterAppend)->Name("DeadLetter/Append");

} // namespace
