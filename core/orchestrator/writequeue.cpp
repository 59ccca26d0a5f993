#include "core/orchestrator/writequeue.h"

#include "core/base/log.h"

namespace vigie {

namespace {
const QString category = QStringLiteral("controlplane");
}

bool WriteQueue::mayBeLater(const Failure& failure) {
    return failure.kind != FailureKind::Conflict || isLeaseLost(failure);
}

void WriteQueue::loseFirst(const QString& why) {
    logError(category,
             QStringLiteral("a row of the action log about what was done is lost: ") + why);
    ++m_lost;
    m_waiting.pop_front();
}

void WriteQueue::add(ChangeSet set) {
    if (m_waiting.size() >= most)
        loseFirst(QStringLiteral("%1 wait already").arg(most));
    m_waiting.push_back({++m_added, std::move(set)});
}

Task<> WriteQueue::flush() {
    while (!m_waiting.empty()) {
        const quint64 number = m_waiting.front().number;
        const Outcome<void> written = co_await m_store.commit(ChangeSet(m_waiting.front().set));
        if (m_waiting.empty() || m_waiting.front().number != number)
            continue; // it was lost meanwhile
        if (written) {
            ++m_written;
            m_waiting.pop_front();
            continue;
        }
        if (!mayBeLater(written.error()) || ++m_waiting.front().tries >= triesOfOne)
            loseFirst(written.error().message);
        co_return;
    }
}

} // namespace vigie
