#include "core/telemetry/exposition.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

/// Any bytes, as both formats: they are read or refused with a line, and what is read holds what
/// the header promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vigie;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const ExpositionLimits limits{64 * 1024, 200, 8, 64, 128};
    for (const auto format : {ExpositionFormat::Text, ExpositionFormat::OpenMetrics}) {
        const auto read = parseExposition(bytes, format, limits);
        if (!read) {
            if (read.error().line == 0 || read.error().message.empty())
                std::abort();
            continue;
        }
        std::size_t samples = 0;
        for (const MetricFamily& family : read->families) {
            samples += family.samples.size();
            for (const HistogramSeries& series : classicHistograms(family)) {
                const double median = histogramQuantile(0.5, series.histogram);
                if (std::isinf(median) && series.histogram.buckets.empty())
                    std::abort();
            }
        }
        if (samples != read->samples || samples > limits.maxSamples)
            std::abort();
    }
    return 0;
}
