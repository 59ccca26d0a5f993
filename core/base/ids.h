#pragma once

#include <QString>

#include <compare>

namespace vigie {

/// A hash of the whole text that spreads by `seed`; several times as fast as Qt's on the 36 letters
/// of an id, and maps of ids are looked into for each instance and tick. After wyhash (Wang Yi).
size_t hashOfId(QStringView id, size_t seed) noexcept;

/// A string that can't be mistaken for another kind of id.
template <typename Tag>
class StrongId {
public:
    StrongId() = default;
    explicit StrongId(QString value) : m_value(std::move(value)) {}

    const QString& value() const { return m_value; }
    bool isEmpty() const { return m_value.isEmpty(); }

    /// Most ids that are compared are copies of one another and share their letters.
    friend bool operator==(const StrongId& a, const StrongId& b) {
        return a.m_value.size() == b.m_value.size() &&
               (a.m_value.constData() == b.m_value.constData() || a.m_value == b.m_value);
    }
    friend std::strong_ordering operator<=>(const StrongId& a, const StrongId& b) {
        return a.m_value.compare(b.m_value) <=> 0;
    }
    friend size_t qHash(const StrongId& id, size_t seed = 0) { return hashOfId(id.m_value, seed); }

private:
    QString m_value;
};

using InstanceId = StrongId<struct InstanceIdTag>;
using VolumeId = StrongId<struct VolumeIdTag>;
using SourceId = StrongId<struct SourceIdTag>; ///< what the dashboard polls
using ActionLogId = StrongId<struct ActionLogIdTag>;
using OperationId = StrongId<struct OperationIdTag>;
using MachineId = StrongId<struct MachineIdTag>; ///< the provider's own id of a machine
using CorrelationId = StrongId<struct CorrelationIdTag>;

/// A new random UUID, lower case without braces.
QString newUuid();
/// A UUID in the same form, whichever case its letters have; empty when `text` is none.
QString canonicalUuid(const QString& text);

} // namespace vigie

template <typename Tag>
struct std::hash<vigie::StrongId<Tag>> {
    std::size_t operator()(const vigie::StrongId<Tag>& id) const noexcept { return qHash(id); }
};
