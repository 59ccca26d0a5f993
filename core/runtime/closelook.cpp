#include "core/runtime/closelook.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

void CloseLook::open(Channel* channel, SourceId source, InstanceId instance) {
    close();
    Inspection inspection;
    inspection.source = std::move(source);
    inspection.instance = std::move(instance);
    inspection.at = m_clock.wallNow();
    inspection.loading = channel != nullptr;
    if (!channel)
        inspection.failure = Failure{
            FailureKind::NotFound,
            QStringLiteral("There is no source %1 any more.").arg(inspection.source.value()),
            0,
            {},
            {},
            {}};
    m_inspection = std::make_shared<const Inspection>(std::move(inspection));
    if (channel)
        look(*channel);
    m_changed();
}

void CloseLook::close() {
    ++m_generation;
    m_looking = m_again = false;
    m_inspection.reset();
    m_changed();
}

void CloseLook::touched(Channel& channel, const std::vector<InstanceId>& instances) {
    if (!m_inspection || m_inspection->source != channel.poller.config().id)
        return;
    m_again = m_again || std::ranges::count(instances, m_inspection->instance) > 0;
    if (m_again && !m_looking && m_clock.now() - m_lookedAt >= 2s)
        look(channel);
}

void CloseLook::look(Channel& channel) {
    m_looking = true;
    m_again = false;
    m_lookedAt = m_clock.now();
    channel.poller.inspect(m_inspection->instance,
                           [this, generation = m_generation](Outcome<Inspection> seen) {
                               if (generation == m_generation)
                                   answer(std::move(seen));
                           });
}

void CloseLook::answer(Outcome<Inspection> seen) {
    m_looking = false;
    Inspection next = seen ? std::move(*seen) : *m_inspection;
    next.source = m_inspection->source;
    next.instance = m_inspection->instance;
    next.loading = false;
    if (seen)
        next.at = m_clock.wallNow();
    else
        next.failure = seen.error();
    m_inspection = std::make_shared<const Inspection>(std::move(next));
    m_changed();
}

} // namespace vigie
