#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace vigie {

/// A value that arrives once, later, on the same thread; what callbacks become so that a coroutine
/// can `co_await` them. Copies share one state. The first resolve() wins, later ones are ignored
/// (that is how a deadline beats a late answer). At most one coroutine awaits it.
///
/// The waiting coroutine is resumed inside resolve(): make it the last thing a callback does.
template <typename T>
class Eventual {
    struct State {
        std::optional<T> value;
        std::coroutine_handle<> waiter;
        bool resolved = false;
    };

public:
    Eventual() : m_state(std::make_shared<State>()) {}

    /// True when this call was the first; resumes the waiter, if any.
    bool resolve(T value) const {
        const auto state = m_state; // the waiter may destroy this Eventual
        if (state->resolved)
            return false;
        state->resolved = true;
        state->value.emplace(std::move(value));
        if (const auto waiter = std::exchange(state->waiter, nullptr))
            waiter.resume();
        return true;
    }
    bool resolved() const { return m_state->resolved; }

    bool await_ready() const noexcept { return m_state->resolved; }
    void await_suspend(std::coroutine_handle<> waiter) const noexcept { m_state->waiter = waiter; }
    T await_resume() const {
        const auto state = m_state;
        return std::move(*state->value);
    }

private:
    std::shared_ptr<State> m_state;
};

} // namespace vigie
