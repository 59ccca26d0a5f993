#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vigie {

/// Gives 64 unforeseeable bits at each call.
using RandomBits = std::function<std::uint64_t()>;

/// Where a call stands in a distributed trace: the `traceparent` and `tracestate` headers of the
/// W3C Recommendation Trace Context (https://www.w3.org/TR/trace-context/).
struct TraceContext {
    static constexpr std::uint8_t sampledFlag = 0x01;

    std::array<std::uint8_t, 16> traceId{}; ///< of the whole trace; not all zero
    std::array<std::uint8_t, 8> spanId{};   ///< of the caller's part of it; not all zero
    std::uint8_t flags = 0;
    std::string state; ///< a valid tracestate, or empty

    bool sampled() const { return flags & sampledFlag; }
    std::string traceIdText() const; ///< 32 lower-case hexadecimal digits
    std::string spanIdText() const;  ///< 16

    /// The first span of a new trace.
    static TraceContext root(const RandomBits& random, bool sampled);
    /// A span below this one: same trace, flags and state, new span id. Flags that this version
    /// doesn't know are not handed on.
    TraceContext child(const RandomBits& random) const;

    /// The header's value, in version 00.
    std::string traceparent() const;

    bool operator==(const TraceContext&) const = default;
};

/// Reads the two headers. Nothing when the traceparent is absent or invalid (version ff, ids of
/// zeros or with capitals, a wrong length; a later version may be longer after a dash): a new trace
/// has to begin then, and the tracestate means nothing. An invalid tracestate is dropped by itself.
/// Several headers tracestate are passed joined by commas.
std::optional<TraceContext> parseTraceContext(std::string_view traceparent,
                                              std::string_view tracestate = {});

/// The list in canonical form: blanks around members and empty members gone, at most 32 members,
/// keys and values by the Recommendation's grammar, no key twice. Nothing when a rule is broken.
/// Above 512 characters members are left out, those longer than 128 first, then from the end.
std::optional<std::string> parseTraceState(std::string_view list);

} // namespace vigie
