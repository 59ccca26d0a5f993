#include "core/telemetry/tracecontext.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr std::size_t wholeBytes = 55; ///< 00-<32 digits>-<16 digits>-<2 digits>

template <std::size_t size>
std::string hex(const std::array<std::uint8_t, size>& bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

/// Lower case only, as the Recommendation asks.
int digitValue(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

template <std::size_t size>
bool readHex(std::string_view text, std::array<std::uint8_t, size>& bytes) {
    for (std::size_t i = 0; i < size; ++i) {
        const int high = digitValue(text[2 * i]);
        const int low = digitValue(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

template <std::size_t size>
bool isZero(const std::array<std::uint8_t, size>& bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

template <std::size_t size>
void fill(std::array<std::uint8_t, size>& bytes, const RandomBits& random) {
    for (std::size_t i = 0; i < size; i += 8) {
        std::uint64_t bits = random();
        for (std::size_t j = i; j < i + 8; ++j, bits >>= 8)
            bytes[j] = static_cast<std::uint8_t>(bits);
    }
    if (isZero(bytes))
        bytes[size - 1] = 1;
}

} // namespace

std::string TraceContext::traceIdText() const {
    return hex(traceId);
}

std::string TraceContext::spanIdText() const {
    return hex(spanId);
}

TraceContext TraceContext::root(const RandomBits& random, bool sampled) {
    TraceContext made;
    fill(made.traceId, random);
    fill(made.spanId, random);
    made.flags = sampled ? sampledFlag : 0;
    return made;
}

TraceContext TraceContext::child(const RandomBits& random) const {
    TraceContext made = *this;
    fill(made.spanId, random);
    made.flags = flags & sampledFlag;
    return made;
}

std::string TraceContext::traceparent() const {
    return "00-" + hex(traceId) + '-' + hex(spanId) + '-' + hex(std::array{flags});
}

std::optional<TraceContext> parseTraceContext(std::string_view traceparent,
                                              std::string_view tracestate) {
    TraceContext found;
    std::array<std::uint8_t, 1> version{}, flags{};
    if (traceparent.size() < wholeBytes || traceparent[2] != '-' || traceparent[35] != '-' ||
        traceparent[52] != '-' || !readHex(traceparent.substr(0, 2), version) ||
        !readHex(traceparent.substr(3, 32), found.traceId) ||
        !readHex(traceparent.substr(36, 16), found.spanId) ||
        !readHex(traceparent.substr(53, 2), flags))
        return {};
    if (version[0] == 0xff || isZero(found.traceId) || isZero(found.spanId))
        return {};
    if (traceparent.size() > wholeBytes && (version[0] == 0 || traceparent[wholeBytes] != '-'))
        return {};
    found.flags = flags[0];
    found.state = parseTraceState(tracestate).value_or(std::string());
    return found;
}

} // namespace vigie
