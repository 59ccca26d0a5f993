#pragma once

#include <functional>
#include <memory>

namespace vigie {

/// The one way across threads: work posted through a door runs on the thread that made the door,
/// in the order it was posted. What is captured must be immutable or handed over whole.
///
/// A door posts its own QEvents with explicit happens-before marks, because ThreadSanitizer can't
/// see the synchronisation inside an uninstrumented Qt.
class Door {
public:
    /// What other threads hold. Copyable; posting through a closed door drops the work.
    class Handle {
    public:
        Handle() = default;
        /// Any thread. False when the door is closed (the work will never run).
        bool post(std::function<void()> work) const;

    private:
        friend class Door;
        struct Gate;
        explicit Handle(std::shared_ptr<Gate> gate) : m_gate(std::move(gate)) {}
        std::shared_ptr<Gate> m_gate;
    };

    /// Made and destroyed on the thread that will run the work; that thread needs a Qt event loop.
    Door();
    /// Work still waiting is dropped.
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    Handle handle() const;
    bool post(std::function<void()> work) const { return handle().post(std::move(work)); }

private:
    class Receiver;
    std::unique_ptr<Receiver> m_receiver;
    std::shared_ptr<Handle::Gate> m_gate;
};

} // namespace vigie
