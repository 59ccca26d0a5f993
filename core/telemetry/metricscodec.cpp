#include "core/telemetry/metricscodec.h"

#include "core/telemetry/classicbuckets.h"
#include "core/telemetry/utf8.h"

#include <array>
#include <charconv>
#include <cmath>

namespace vigie {

namespace {

std::string jsonString(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : toValidUtf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string number(double value) {
    if (std::isnan(value))
        return "\"NaN\"";
    if (std::isinf(value))
        return value > 0 ? "\"+Inf\"" : "\"-Inf\"";
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return std::string(buffer.data(), end);
}

double inSeconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

const char* word(MetricType type) {
    switch (type) {
    case MetricType::Counter:
        return "counter";
    case MetricType::Histogram:
        return "histogram";
    default:
        return "gauge";
    }
}

/// `"count":1,"p50":0.1,...`
std::string countAndPercentiles(std::uint64_t count, const LatencyPercentiles& of) {
    std::string out = "\"count\":" + std::to_string(count);
    const std::pair<const char*, std::chrono::nanoseconds> all[] = {
        {"p50", of.p50}, {"p90", of.p90}, {"p95", of.p95}, {"p99", of.p99}, {"p999", of.p999}};
    for (const auto& [name, value] : all)
        out += std::string(",\"") + name + "\":" + (count > 0 ? number(inSeconds(value)) : "null");
    return out;
}

std::string histogramFields(const MetricReading& reading) {
    const Histogram& histogram = *reading.histogram;
    const ClassicHistogram classic = classicBuckets(histogram);
    std::string out = countAndPercentiles(histogram.count(), histogram.percentiles());
    out += ",\"sum\":" + number(classic.sum) + ",\"buckets\":[";
    for (const auto& [bound, count] : classic.buckets)
        out += "{\"le\":" + number(bound) + ",\"count\":" + number(count) + "},";
    out.back() = ']';
    if (!reading.windows.empty()) {
        out += ",\"windows\":{";
        for (const LatencyWindowReading& window : reading.windows)
            out += jsonString(window.name) + ":{" +
                   countAndPercentiles(window.count, window.percentiles) + "},";
        out.back() = '}';
    }
    return out;
}

void append(std::string& out, const MetricReading& reading) {
    out += "{\"labels\":{";
    for (const MetricLabel& label : reading.labels) {
        if (out.back() != '{')
            out += ',';
        out += jsonString(label.name) + ':' + jsonString(label.value);
    }
    out += "},";
    out += reading.histogram ? histogramFields(reading) : "\"value\":" + number(reading.value);
    out += '}';
}

} // namespace

std::string encodeMetrics(const std::vector<MetricFamilyReading>& families) {
    std::string out = "[";
    for (const MetricFamilyReading& family : families) {
        if (out.back() != '[')
            out += ',';
        out += "{\"name\":" + jsonString(family.name) + ",\"type\":\"" + word(family.type) +
               "\",\"help\":" + jsonString(family.help) + ",\"samples\":[";
        for (const MetricReading& reading : family.series) {
            if (out.back() != '[')
                out += ',';
            append(out, reading);
        }
        out += "]}";
    }
    return out + ']';
}

} // namespace vigie
