#pragma once

#include "core/resilience/errorclass.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vigie {

/// Why there is no value.
struct CallError {
    ErrorClass errorClass = ErrorClass::Unknown;
    std::string message; ///< one sentence
    /// How long the other side, or a limit of ours, asks to wait.
    std::optional<std::chrono::nanoseconds> retryAfter{};
};

/// A value, or the error that stands in its place.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(CallError error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }
    /// Precondition: ok().
    const T& value() const { return *std::get_if<0>(&m_state); }
    T& value() { return *std::get_if<0>(&m_state); }
    /// Precondition: !ok().
    const CallError& error() const { return *std::get_if<1>(&m_state); }

private:
    std::variant<T, CallError> m_state;
};

/// What the engine needs to know of a result that is not good.
struct CallTrouble {
    ErrorClass errorClass = ErrorClass::Unknown;
    std::optional<std::chrono::nanoseconds> retryAfter{};
    std::string_view message; ///< valid as long as the result
};

/// How the engine reads and makes results of type R. Specialise it to run calls that return a type
/// of your own.
template <class R>
struct CallTraits;

template <class T>
struct CallTraits<Result<T>> {
    static bool ok(const Result<T>& result) { return result.ok(); }
    /// Precondition: !ok(result).
    static CallTrouble trouble(const Result<T>& result) {
        const CallError& error = result.error();
        return {error.errorClass, error.retryAfter, error.message};
    }
    /// The result of a call that was not made, or whose answer came too late.
    static Result<T> refuse(CallError error) { return Result<T>(std::move(error)); }
};

} // namespace vigie
