// A good call on the caller's own thread allocates nothing.

#include "core/resilience/registry.h"
#include "core/resilience/threadrunner.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<int> allocations{0};

void* counted(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace vigie;

class TestAllocation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theCounterCounts() {
        const int before = allocations;
        std::string text(100, 'x');
        QVERIFY(allocations > before);
    }

    void goodCallsAllocateNothing() {
        FaultInjection faults(1);
        PipelineParts parts;
        parts.faults = &faults;
        Profile profile;
        profile.name = "api";
        profile.bulkhead = BulkheadOptions();
        profile.rateLimiter = RateLimiterOptions();
        profile.rateLimiter->limitForPeriod = 1'000'000;
        profile.retryBudget = {0.2, 10};
        ProfileSet profiles;
        profiles.put(profile);
        Registry registry(profiles, parts);
        const SteadyTime time;
        const std::shared_ptr<Pipeline> pipeline = registry.forApi("orders", time.now()).value();
        using enum Strategy;
        constexpr FixedOrder<Bulkhead, Retry, CircuitBreaker, Timeout> order;
        const auto call = [](const CallContext& context) -> Result<int> { return context.attempt; };
        int good = 0;
        const auto round = [&] {
            good += order.run(*pipeline, time, call).ok();
            good += runOnThread(*pipeline, time, call).ok();
            good += registry.find("orders") == pipeline.get();
        };
        round();
        const int before = allocations;
        for (int i = 0; i < 1000; ++i)
            round();
        const int after = allocations;
        QCOMPARE(after - before, 0);
        QCOMPARE(good, 3003);
    }
};

QTEST_GUILESS_MAIN(TestAllocation)
#include "tst_allocation.moc"
