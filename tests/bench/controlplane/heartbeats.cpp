// 10,000 real HTTP heartbeats a second to a real vigied, with the p99 of their answers, on both
// stores; and what the 2,500 of a fleet of 10,000 cost. VIGIE_BENCH_SECONDS is how long (5).

#include "tests/bench/controlplane/beatload.h"
#include "tests/support/postgresserver.h"

#include <QTemporaryDir>

#include <benchmark/benchmark.h>

using namespace vigie;

namespace {

constexpr int fleet = 10'000;

void beatFor(benchmark::State& state, const QString& store) {
    const int asked = qEnvironmentVariableIntValue("VIGIE_BENCH_SECONDS");
    const int seconds = asked > 0 ? asked : 5;
    const auto perSecond = int(state.range(0));
    for (auto _ : state) {
        const DaemonUnderLoad daemon(store, fleet);
        BeatResult result;
        state.counters["MB_idle"] = daemon.residentBytes() / 1e6;
        besideEvents([&] { beat(daemon, perSecond, 2); }); // every worker is known to it by then
        const double before = daemon.cpuSeconds();
        besideEvents([&] { result = beat(daemon, perSecond, seconds); });
        const double cpu = daemon.cpuSeconds() - before;
        if (result.refused > 0)
            state.SkipWithError("beats were refused");
        const LatencyPercentiles of = result.latency.percentiles();
        const auto ms = [](std::chrono::nanoseconds time) { return double(time.count()) * 1e-6; };
        state.counters["per_s"] = double(result.sent) / result.seconds;
        state.counters["p50_ms"] = ms(of.p50);
        state.counters["p99_ms"] = ms(of.p99);
        state.counters["max_ms"] = ms(result.latency.max());
        state.counters["cores"] = cpu / result.seconds; // of the daemon, all its jobs included
        state.counters["MB"] = daemon.residentBytes() / 1e6;
    }
}

void HeartbeatsSqlite(benchmark::State& state) {
    const QTemporaryDir folder;
    beatFor(state, QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db")));
}
BENCHMARK(HeartbeatsSqlite)
    ->Name("Heartbeats/Sqlite")
    ->Arg(10'000)
    ->Arg(2'500)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

void HeartbeatsPostgres(benchmark::State& state) {
    PostgresServer server;
    if (!server.start(PostgresServer::Disk::Safe)) {
        state.SkipWithError(server.why().toStdString().c_str());
        return;
    }
    beatFor(state, server.newDatabase());
}
BENCHMARK(HeartbeatsPostgres)
    ->Name("Heartbeats/Postgres")
    ->Arg(10'000)
    ->Arg(2'500)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace
