#pragma once

#include <chrono>
#include <string>

namespace vigie {

/// "maxAttempts is 0, but must be 1 to 100": what every options' problem() says.
inline std::string outOfRange(const char* field, const std::string& value, const char* range) {
    return std::string(field) + " is " + value + ", but must be " + range;
}

inline std::string outOfRange(const char* field, double value, const char* range) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (!text.empty() && text.back() == '.')
        text.pop_back();
    return outOfRange(field, text, range);
}

inline std::string outOfRange(const char* field, int value, const char* range) {
    return outOfRange(field, std::to_string(value), range);
}

/// In seconds, as people and configuration files write durations.
inline std::string outOfRange(const char* field, std::chrono::nanoseconds value,
                              const char* range) {
    return outOfRange(field, std::chrono::duration<double>(value).count(), range) + " (seconds)";
}

} // namespace vigie
