#pragma once

#include "core/resilience/callevent.h"

#include <mutex>
#include <string>
#include <vector>

namespace vigie {

/// Keeps what pipelines tell, as words: "retry", "timeout", "success", ...
class CallLog final : public CallListener {
public:
    void happened(const CallEvent& event) override {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(event);
        m_events.back().key = m_events.back().detail = {}; // valid during the call only
        m_words.emplace_back(toString(event.kind));
    }
    std::vector<std::string> words() const {
        const std::lock_guard lock(m_mutex);
        return m_words;
    }
    std::string text() const {
        std::string joined;
        for (const std::string& word : words())
            joined += (joined.empty() ? "" : " ") + word;
        return joined;
    }
    std::vector<CallEvent> events() const {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }
    int count(CallEvent::Kind kind) const {
        int found = 0;
        for (const CallEvent& event : events())
            found += event.kind == kind;
        return found;
    }
    void clear() {
        const std::lock_guard lock(m_mutex);
        m_events.clear();
        m_words.clear();
    }

private:
    mutable std::mutex m_mutex;
    std::vector<CallEvent> m_events;
    std::vector<std::string> m_words;
};

} // namespace vigie
