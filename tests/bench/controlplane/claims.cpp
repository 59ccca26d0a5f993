// Three orchestrators claim the instances of one fleet on one PostgreSQL, each row by exactly one
// of them; rows a second of all three together. Named one by one, as the jobs do, and in hundreds.

#include "core/store/store.h"
#include "tests/support/postgresserver.h"

#include <QCoreApplication>
#include <QSet>

#include <array>
#include <benchmark/benchmark.h>
#include <optional>

using namespace vigie;

namespace {

struct Claimant {
    std::unique_ptr<Store> store;
    QStringList won;
    bool failed = false;
};

template <typename T>
T awaitedHere(Task<T> task) {
    std::optional<T> result;
    TaskScope scope;
    scope.spawn([](Task<T> awaited, std::optional<T>& out) -> Task<> {
        T value = co_await awaited;
        out.emplace(std::move(value));
    }(std::move(task), result));
    while (!result)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    return std::move(*result);
}

bool begin(Claimant& claimant, const QString& url, int number) {
    auto opened = openStore(url);
    if (!opened)
        return false;
    claimant.store = std::move(*opened);
    return awaitedHere(
               claimant.store->join(QStringLiteral("c%1").arg(number), std::chrono::minutes(5)))
        .has_value();
}

/// Until all rows have somebody.
Task<> claimAll(Claimant& claimant, std::vector<QStringList> batches, qsizetype& free) {
    for (const QStringList& batch : batches) {
        if (free <= 0)
            co_return;
        const auto ours = co_await claimant.store->claim(batch);
        if (!ours) {
            claimant.failed = true;
            co_return;
        }
        claimant.won += *ours;
        free -= ours->size();
    }
}

/// All names in batches, beginning with another third for each.
std::vector<QStringList> batchesFor(std::size_t claimant, int rows, int size) {
    std::vector<QStringList> batches;
    for (int i = 0; i < rows; i += size) {
        QStringList batch;
        for (int j = i; j < i + size; ++j)
            batch.append(QStringLiteral("7d1f7f0e-64a5-4a1e-8c7b-%1").arg(j, 12, 10, QChar(u'0')));
        batches.push_back(std::move(batch));
    }
    const auto third = static_cast<std::ptrdiff_t>(batches.size() / 3 * claimant);
    std::rotate(batches.begin(), batches.begin() + third, batches.end());
    return batches;
}

void claims(benchmark::State& state) {
    const int size = int(state.range(0));
    const int rows = size * 300;
    PostgresServer server;
    if (!server.start(PostgresServer::Disk::Safe)) {
        state.SkipWithError(server.why().toStdString().c_str());
        return;
    }
    const QString url = server.newDatabase();
    std::array<Claimant, 3> all;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!begin(all[i], url, int(i))) {
            state.SkipWithError("a claimant could not join");
            return;
        }
    }
    for (auto _ : state) {
        qsizetype free = rows;
        TaskScope scope;
        for (std::size_t i = 0; i < all.size(); ++i)
            scope.spawn(claimAll(all[i], batchesFor(i, rows, size), free));
        while (!scope.idle())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
    QSet<QString> distinct;
    qsizetype won = 0;
    for (const Claimant& each : all) {
        distinct.unite(QSet<QString>(each.won.begin(), each.won.end()));
        won += each.won.size();
        if (each.failed)
            state.SkipWithError("a claim failed");
    }
    if (won != rows || distinct.size() != rows)
        state.SkipWithError("not each row was claimed by exactly one");
    state.SetItemsProcessed(rows);
}
BENCHMARK(claims)
    ->Name("Claims/Postgres/3")
    ->Arg(1)
    ->Arg(4)
    ->Arg(100)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace
