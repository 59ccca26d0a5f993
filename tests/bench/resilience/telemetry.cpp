#include "core/telemetry/expositionreader.h"
#include "core/telemetry/latencyrecorder.h"
#include "core/telemetry/windowedlatency.h"

#include <benchmark/benchmark.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace vigie;

namespace {

using std::chrono::nanoseconds;

/// Latencies as a service has them: most around a millisecond, few a hundred times as long.
const std::vector<nanoseconds>& latencies() {
    static const std::vector<nanoseconds> all = [] {
        std::mt19937_64 random(1);
        std::lognormal_distribution<double> shape(14, 1);
        std::vector<nanoseconds> made(4096);
        for (nanoseconds& each : made)
            each = nanoseconds(static_cast<std::int64_t>(shape(random)));
        return made;
    }();
    return all;
}

void histogramRecord(benchmark::State& state) {
    static LatencyRecorder recorder;
    const nanoseconds* const values = latencies().data();
    std::size_t i = static_cast<std::size_t>(state.thread_index()) * 1000;
    for (auto _ : state)
        recorder.record(values[i++ % 4096]);
}
BENCHMARK(histogramRecord)->Name("Histogram/Record");
BENCHMARK(histogramRecord)->Name("Histogram/Record")->Threads(2);

/// With the page of the moment looked up; the time is passed in.
void windowedRecord(benchmark::State& state) {
    static WindowedLatency latency;
    const nanoseconds* const values = latencies().data();
    const WindowedLatency::Time now{std::chrono::hours(24)};
    std::size_t i = 0;
    for (auto _ : state)
        latency.record(values[i++ % 4096], now);
}
BENCHMARK(windowedRecord)->Name("Histogram/WindowedRecord");

Histogram filled() {
    LatencyRecorder recorder;
    for (int round = 0; round < 25; ++round)
        for (const nanoseconds each : latencies())
            recorder.record(each);
    return recorder.snapshot();
}

/// p50, p95 and p99, each asked for by itself.
void percentiles(benchmark::State& state) {
    const Histogram histogram = filled();
    for (auto _ : state) {
        benchmark::DoNotOptimize(histogram.quantile(0.50));
        benchmark::DoNotOptimize(histogram.quantile(0.95));
        benchmark::DoNotOptimize(histogram.quantile(0.99));
    }
}
BENCHMARK(percentiles)->Name("Histogram/Percentiles");

/// A recorder in use is copied first.
void snapshot(benchmark::State& state) {
    LatencyRecorder recorder;
    for (const nanoseconds each : latencies())
        recorder.record(each);
    for (auto _ : state)
        benchmark::DoNotOptimize(recorder.snapshot());
}
BENCHMARK(snapshot)->Name("Histogram/Snapshot");

/// A page like a big server's: counters by label, histograms, gauges with fractions.
std::string page() {
    std::string text;
    std::mt19937 random(1);
    for (int family = 0; family < 60; ++family) {
        const std::string name = "service_subsystem_" + std::to_string(family);
        text += "# HELP " + name + "_seconds Time that requests of this kind take.\n# TYPE " +
                name + "_seconds histogram\n";
        for (int route = 0; route < 10; ++route) {
            const std::string labels = "{method=\"GET\",route=\"/api/v1/things/" +
                                       std::to_string(route) + "\",instance=\"10.0.0.1:9090\"";
            std::uint64_t count = 0;
            for (const char* le : {"0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1",
                                   "2.5", "5", "10", "+Inf"})
                text += name + "_seconds_bucket" + labels + ",le=\"" + le + "\"} " +
                        std::to_string(count += random() % 10'000) + '\n';
            text += name + "_seconds_sum" + labels + "} " +
                    std::to_string(static_cast<double>(random()) / 1e6) + '\n';
            text += name + "_seconds_count" + labels + "} " + std::to_string(count) + '\n';
            text += name + "_share" + labels + "} 0." + std::to_string(random()) + '\n';
        }
    }
    return text;
}

class Sum final : public ExpositionHandler {
public:
    double sum = 0;
    Step type(std::string_view, MetricType) override { return {}; }
    Step text(std::string_view, Text, std::string_view) override { return {}; }
    Step sample(const SampleView& sample) override {
        sum += sample.value;
        return {};
    }
};

struct Body {
    std::string bytes;
    ExpositionFormat format;
};

void parseAll(benchmark::State& state, const std::vector<Body>& bodies) {
    const ExpositionLimits limits;
    std::int64_t bytes = 0;
    for (auto _ : state) {
        for (const Body& body : bodies) {
            Sum sum;
            ExpositionReader reader(body.format, limits, sum);
            if (!reader.feed(body.bytes) || !reader.finish())
                return state.SkipWithError("the page can't be read");
            benchmark::DoNotOptimize(sum.sum);
            bytes += static_cast<std::int64_t>(body.bytes.size());
        }
    }
    state.SetBytesProcessed(bytes);
}

void parse(benchmark::State& state) {
    parseAll(state, {{page(), ExpositionFormat::Text}});
}
BENCHMARK(parse)->Name("Exposition/Parse");

/// The same page as families in memory.
void parseFamilies(benchmark::State& state) {
    const std::string text = page();
    for (auto _ : state)
        benchmark::DoNotOptimize(parseExposition(text, ExpositionFormat::Text));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(parseFamilies)->Name("Exposition/ParseFamilies");

/// Captured pages of real servers, where the folder lies beside the checkout.
void parseSamples(benchmark::State& state) {
    const std::filesystem::path root = VIGIE_SOURCE_DIR "/../shared/samples";
    std::vector<Body> bodies;
    for (const char* folder : {"prometheus-text", "vllm", "tgi", "ray"}) {
        std::error_code absent;
        for (const auto& entry : std::filesystem::directory_iterator(root / folder, absent)) {
            const std::string name = entry.path().filename();
            if (entry.path().extension() != ".txt" || name.find("first40k") != std::string::npos)
                continue;
            std::ifstream file(entry.path());
            const bool open = name.find(".om.") != std::string::npos ||
                              name.find("-om-") != std::string::npos ||
                              name.find("openmetrics") != std::string::npos;
            bodies.push_back({std::string(std::istreambuf_iterator<char>(file), {}),
                              open ? ExpositionFormat::OpenMetrics : ExpositionFormat::Text});
        }
    }
    if (bodies.empty())
        return state.SkipWithError("the samples are not beside the checkout");
    parseAll(state, bodies);
}
BENCHMARK(parseSamples)->Name("Exposition/ParseSamples");

} // namespace
