#include "core/telemetry/exposition.h"
#include "core/telemetry/expositionreader.h"
#include "core/telemetry/utf8.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace vigie;

/// Adds up what it is shown, and holds it to what the header promises.
class Sums final : public ExpositionHandler {
public:
    std::size_t seen = 0;

    Step type(std::string_view name, MetricType type) override {
        return add(name, std::to_string(static_cast<int>(type)));
    }
    Step text(std::string_view name, Text kind, std::string_view value) override {
        return add(name, value, kind == Text::Help ? 1 : 2);
    }
    Step sample(const SampleView& sample) override {
        for (const LabelView& label : sample.labels)
            (void)add(label.name, label.value);
        return add(sample.name, {});
    }

private:
    Step add(std::string_view name, std::string_view value, std::size_t kind = 3) {
        if (name.empty() || !isValidUtf8(name) || !isValidUtf8(value))
            std::abort();
        for (const std::string_view part : {name, value})
            for (const char c : part)
                seen = seen * 31 + static_cast<unsigned char>(c);
        seen = seen * 31 + kind;
        return {};
    }
};

/// What a handler has seen, and the sentence that ended it, when the bytes come in pieces.
std::pair<std::size_t, std::string> inPieces(std::string_view bytes, ExpositionFormat format,
                                             const ExpositionLimits& limits, std::size_t size) {
    Sums sums;
    ExpositionReader reader(format, limits, sums);
    ExpositionReader::Progress progress;
    for (std::size_t at = 0; progress && at < bytes.size(); at += size)
        progress = reader.feed(std::string(bytes.substr(at, size)));
    if (progress)
        progress = reader.finish();
    return {sums.seen, progress ? std::string() : progress.error().message};
}

} // namespace

/// Any bytes, as both formats: they are read or refused with a line, and what is read holds what
/// the header promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const ExpositionLimits limits{64 * 1024, 200, 8, 64, 128, 1024};
    for (const auto format : {ExpositionFormat::Text, ExpositionFormat::OpenMetrics}) {
        // Over the byte limit the pieces decide how far one gets.
        if (size <= limits.maxBytes &&
            inPieces(bytes, format, limits, size + 1) != inPieces(bytes, format, limits, 7))
            std::abort();
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
