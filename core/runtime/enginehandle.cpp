#include "core/runtime/enginehandle.h"

#include "core/base/door.h"
#include "core/base/systemclock.h"
#include "core/runtime/engine.h"

#include <QEventLoop>

#include <future>
#include <mutex>
#include <thread>

namespace vigie {

/// A slot that holds the newest snapshot only, and the thread with its event loop.
class EngineHandle::Private {
public:
    Private(EngineOptions options, std::function<void(SnapshotPtr)> onSnapshot)
        : m_onSnapshot(std::move(onSnapshot)) {
        std::promise<Door::Handle> ready;
        auto engineDoor = ready.get_future();
        m_thread = std::thread([this, &ready, engineOptions = std::move(options),
                                windowDoor = m_door.handle()]() mutable {
            run(std::move(engineOptions), windowDoor, ready);
        });
        m_engineDoor = engineDoor.get();
    }

    ~Private() {
        m_engineDoor.post([this] { m_quit(); });
        m_thread.join();
    }

    void submit(Command command) {
        m_engineDoor.post(
            [this, ask = std::move(command)]() mutable { m_engine->submit(std::move(ask)); });
    }

private:
    void run(EngineOptions options, const Door::Handle& windowDoor,
             std::promise<Door::Handle>& ready) {
        QEventLoop loop;
        SystemClock clock;
        const Door door;
        m_quit = [&loop] { loop.quit(); };
        SourceOpener opener = networkOpener(clock, options);
        Engine engine(
            clock, std::move(options), std::move(opener),
            [this, &windowDoor](SnapshotPtr snapshot) { offer(std::move(snapshot), windowDoor); });
        m_engine = &engine;
        ready.set_value(door.handle());
        loop.exec();
    }

    /// Engine thread. Posts only when the slot was empty: a window that is slow finds the newest.
    void offer(SnapshotPtr snapshot, const Door::Handle& windowDoor) {
        {
            const std::lock_guard lock(m_mutex);
            const bool waiting = m_newest != nullptr;
            m_newest = std::move(snapshot);
            if (waiting)
                return;
        }
        windowDoor.post([this] { deliver(); });
    }

    /// The window's thread.
    void deliver() {
        SnapshotPtr snapshot;
        {
            const std::lock_guard lock(m_mutex);
            snapshot = std::exchange(m_newest, nullptr);
        }
        if (snapshot)
            m_onSnapshot(std::move(snapshot));
    }

    std::function<void(SnapshotPtr)> m_onSnapshot;
    Door m_door; ///< into the window's thread
    std::mutex m_mutex;
    SnapshotPtr m_newest;
    // Set by the engine thread before `ready`, then used by it alone.
    Engine* m_engine = nullptr;
    std::function<void()> m_quit;
    Door::Handle m_engineDoor;
    std::thread m_thread;
};

EngineHandle::EngineHandle(EngineOptions options, std::function<void(SnapshotPtr)> onSnapshot)
    : d(std::make_unique<Private>(std::move(options), std::move(onSnapshot))) {}

EngineHandle::~EngineHandle() = default;

void EngineHandle::submit(Command command) {
    d->submit(std::move(command));
}

} // namespace vigie
