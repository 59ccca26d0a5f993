#include "core/orchestrator/ownership.h"

#include "core/model/holding.h"

#include <algorithm>

namespace vigie {

namespace {

/// Of the first tag that names an instance; empty without one.
QStringView firstTagged(const QStringList& tags) {
    constexpr QStringView prefix = u"vigie-instance:";
    for (const QString& tag : tags) {
        if (tag.startsWith(prefix))
            return QStringView(tag).mid(prefix.size());
    }
    return {};
}

/// The provider's clock and ours, generously.
constexpr auto clocksDiffer = std::chrono::minutes(10);

} // namespace

InstanceId taggedInstance(const QStringList& tags) {
    return InstanceId(firstTagged(tags).toString());
}

bool isTaggedWith(const QStringList& tags, const InstanceId& id) {
    return !id.isEmpty() && firstTagged(tags) == id.value();
}

bool wantsItsMachine(const InstanceRecord& record) {
    const bool never = record.instance.status == InstanceStatus::ProvisioningFailed &&
                       record.instance.providerInstanceId.isEmpty() && record.workInHand.isEmpty();
    return !isOver(record.instance.status) && !never;
}

QString whyHandsOff(const Automation& automation, const InstanceRecord* owner, WallTime now) {
    if (owner && isHeld(owner->instance.held, now)) {
        const Held& held = *owner->instance.held;
        return QStringLiteral("hold: %1 keeps automation away (%2)").arg(held.actor, held.reason);
    }
    return automation.standsStill(owner ? owner->instance.pool : QString());
}

QString guardName(const QString& guardAndWhy) {
    return guardAndWhy.section(QStringLiteral(": "), 0, 0);
}

bool isObserved(const Automation& automation, const InstanceRecord* owner) {
    return automation.modeOf(owner ? owner->instance.pool : QString()) == AutomationMode::Observe;
}

QString ofAnotherTime() {
    return QStringLiteral("older-store: it may be of a time that the store does not know; a person "
                          "looks at it");
}

StoreAge::StoreAge(const ControlPlane& plane) : m_plane(plane) {
    for (const FleetEntry* entry : plane.entries())
        m_newest = std::max(m_newest, entry->record.instance.createdAt);
}

bool StoreAge::isOlderThan(const QStringList& tags, std::optional<WallTime> createdAt) const {
    if (const auto& restored = m_plane.restored()) {
        // One that does not tell its age may be of that time, too.
        if (!createdAt || (*createdAt >= restored->from - clocksDiffer &&
                           *createdAt <= restored->at + clocksDiffer))
            return true;
    }
    const InstanceId id = taggedInstance(tags);
    if (id.isEmpty() || m_plane.find(id))
        return false;
    // One that does not tell its age may be as new as any.
    return !createdAt || !m_newest || *createdAt > *m_newest;
}

} // namespace vigie
