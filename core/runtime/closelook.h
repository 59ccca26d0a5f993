#pragma once

#include "core/runtime/channel.h"

namespace vigie {

/// The one instance a person looks at closely: asked for at once, and again when something about
/// it changed, at most every two seconds. What was seen stays shown while the next look is loading
/// or fails.
class CloseLook {
public:
    CloseLook(Clock& clock, std::function<void()> changed)
        : m_clock(clock), m_changed(std::move(changed)) {}

    /// `channel` may be null: then the inspection says that there is no such source.
    void open(Channel* channel, SourceId source, InstanceId instance);
    void close();
    /// `channel` was read, and something about these instances changed.
    void touched(Channel& channel, const std::vector<InstanceId>& instances);

    const std::shared_ptr<const Inspection>& inspection() const { return m_inspection; }

private:
    void look(Channel& channel);
    void answer(Outcome<Inspection> seen);

    Clock& m_clock;
    std::function<void()> m_changed;
    std::shared_ptr<const Inspection> m_inspection;
    quint64 m_generation = 0; ///< late answers about another instance are dropped
    bool m_looking = false;
    bool m_again = false;
    MonotonicTime m_lookedAt{};
};

} // namespace vigie
