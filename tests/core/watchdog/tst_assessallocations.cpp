// Counts what the whole program allocates, so it is a program of its own.

#include "core/watchdog/assess.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations{0};

} // namespace

// Strings and lists of Qt take theirs from malloc. A sanitizer has a malloc of its own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* malloc(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}
void* realloc(void* memory, std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_realloc(memory, size);
}
}
constexpr bool countsStrings = true;
#else
constexpr bool countsStrings = false;
#endif

void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size > 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace vigie;
using namespace std::chrono_literals;

class TestAssessAllocations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judgingAllocatesNothingAndExplainingDoes() {
        const MonotonicTime now{1000h};
        const WatchdogPolicy policy;
        WatcherEvidence watcher;
        watcher.startedAt = now - 10h;
        watcher.storeRefreshed = watcher.othersHeard = now - 1s;
        watcher.ownAddressAnswers = true;
        InstanceEvidence instance;
        instance.status = InstanceStatus::Ready;
        instance.lastBeat = now - 400s;
        instance.probe = ProbeFinding::Failing;
        instance.probeFailures = 3;
        QVERIFY(assess(instance, watcher, policy, now).verdict == Verdict::Dead); // works them out

        const std::size_t before = allocations.load();
        Judgement judgement;
        for (int i = 0; i < 1000; ++i)
            judgement = assess(instance, watcher, policy, now);
        const std::size_t judged = allocations.load();
        const Assessment said = explain(judgement, instance, watcher, policy, now, {});
        const std::size_t explained = allocations.load();
        const QString text(100, u'x');
        QVERIFY(!countsStrings || allocations.load() == explained + 1);
        QCOMPARE(text.size(), 100);
        QCOMPARE(judged, before);
        QVERIFY(explained > judged); // the counter counts
        QVERIFY(said.verdict == Verdict::Dead);
    }
};

QTEST_GUILESS_MAIN(TestAssessAllocations)
#include "tst_assessallocations.moc"
