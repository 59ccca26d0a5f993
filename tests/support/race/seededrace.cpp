// Breaks the rule of Door on purpose: what was posted is written to afterwards.

#include "core/base/door.h"

#include <QCoreApplication>

#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const vigie::Door door;
    const auto shared = std::make_shared<int>(0);
    // Relaxed, so that they order nothing: the writer only has to be at it while the reader reads.
    const auto writing = std::make_shared<std::atomic<bool>>(false);
    const auto seen = std::make_shared<std::atomic<bool>>(false);
    std::thread other([handle = door.handle(), shared, writing, seen] {
        handle.post([shared, writing, seen] {
            while (!writing->load(std::memory_order_relaxed)) {
            }
            int sum = 0;
            for (int i = 0; i < 100'000; ++i)
                sum += *shared & 1;
            seen->store(true, std::memory_order_relaxed);
            std::printf("%d odd values\n", sum);
            QCoreApplication::quit();
        });
        for (int i = 0; !seen->load(std::memory_order_relaxed); ++i) {
            *shared = i;
            writing->store(true, std::memory_order_relaxed);
        }
    });
    QCoreApplication::exec();
    other.join();
    return 0;
}
