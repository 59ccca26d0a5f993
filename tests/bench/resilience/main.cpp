#include <benchmark/benchmark.h>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

int main(int argc, char** argv) {
    // glibc leaves the atomics out of its mutexes while a process has one thread, which no user of
    // the engine has: this one makes two, and sleeps.
    const std::jthread parked([](std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any bell;
        std::unique_lock lock(mutex);
        bell.wait(lock, stop, [] { return false; });
    });
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
