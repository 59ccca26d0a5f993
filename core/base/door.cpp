#include "core/base/door.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <mutex>

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#else
static void __tsan_acquire(void*) {}
static void __tsan_release(void*) {}
#endif

namespace vigie {

namespace {

const QEvent::Type workType = static_cast<QEvent::Type>(QEvent::registerEventType());

struct WorkEvent final : QEvent {
    explicit WorkEvent(std::function<void()> w) : QEvent(workType), work(std::move(w)) {}
    ~WorkEvent() override { __tsan_acquire(this); }
    std::function<void()> work;
};

} // namespace

class Door::Receiver final : public QObject {
protected:
    bool event(QEvent* event) override {
        __tsan_acquire(event); // before anything of it is read
        if (event->type() != workType)
            return QObject::event(event);
        const auto work = std::move(static_cast<WorkEvent*>(event)->work);
        work();
        return true;
    }
};

struct Door::Handle::Gate {
    std::mutex mutex;
    QObject* receiver = nullptr; // null once the door is closed
};

bool Door::Handle::post(std::function<void()> work) const {
    if (!m_gate)
        return false;
    const std::lock_guard lock(m_gate->mutex);
    if (!m_gate->receiver)
        return false;
    auto* event = new WorkEvent(std::move(work));
    __tsan_release(event);
    QCoreApplication::postEvent(m_gate->receiver, event);
    return true;
}

Door::Door() : m_receiver(std::make_unique<Receiver>()), m_gate(std::make_shared<Handle::Gate>()) {
    m_gate->receiver = m_receiver.get();
}

Door::~Door() {
    const std::lock_guard lock(m_gate->mutex);
    m_gate->receiver = nullptr;
}

Door::Handle Door::handle() const {
    return Handle(m_gate);
}

} // namespace vigie
