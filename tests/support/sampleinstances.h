#pragma once

#include "core/model/instancefields.h"

#include <algorithm>

namespace vigie {

/// True for a value that a reader could not tell from "never set".
inline bool isUnset(const QString& v) {
    return v.isEmpty();
}
inline bool isUnset(const QByteArray& v) {
    return v.isEmpty();
}
inline bool isUnset(const std::vector<int>& v) {
    return v.empty();
}
inline bool isUnset(const auto& v) {
    return !v;
}

/// An instance in which every field is set, each to something of its own; `seed` makes it another.
inline Instance fullInstance(int seed) {
    Instance i;
    i.id = InstanceId(QStringLiteral("00000000-0000-4000-8000-%1").arg(seed, 12, 10, QChar(u'0')));
    i.status = allInstanceStatuses[static_cast<std::size_t>(seed) % allInstanceStatuses.size()];
    i.status = seed % 2 ? i.status : InstanceStatus::Ready;
    i.statusText = toString(i.status);
    const WallTime day{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
    int count = seed * 100;
    struct Fill {
        std::string_view name;
        int number;
        WallTime day;
        void operator()(QString& v) const {
            v = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())) +
                QStringLiteral(" é\"%1").arg(number % 100);
        }
        void operator()(QByteArray& v) const {
            v = "{\"gpus\":[{\"index\":0,\"gpu_utilization\":" + QByteArray::number(number) + "}]}";
        }
        void operator()(bool& v) const { v = true; }
        void operator()(int& v) const { v = number; }
        void operator()(std::optional<int>& v) const { v = number; }
        void operator()(std::optional<double>& v) const { v = number + 0.1; }
        void operator()(std::optional<WallTime>& v) const {
            v = day + std::chrono::milliseconds(number * 1001);
        }
        void operator()(std::vector<int>& v) const { v = {number, 0, 7}; }
    };
    for (const InstanceField& field : instanceFields()) {
        ++count;
        std::visit([&](auto member) { Fill{field.name, count, day}(i.*member); }, field.member);
    }
    i.assessment = Assessment{Verdict::Suspect,
                              QStringLiteral("late-phi"),
                              8.25,
                              std::chrono::milliseconds(41'250),
                              {{QStringLiteral("heartbeat"), QStringLiteral("late"), day},
                               {QStringLiteral("probe"), QStringLiteral("readyz: 503"), day}},
                              QStringLiteral("storm brake: 12 of 40 silent")};
    i.held = Held{QStringLiteral("looking at it"), QStringLiteral("ada"), day};
    return i;
}

inline bool sameAssessment(const Assessment& a, const Assessment& b) {
    const auto same = [](const Evidence& x, const Evidence& y) {
        return x.source == y.source && x.says == y.says && x.at == y.at;
    };
    return a.verdict == b.verdict && a.rule == b.rule && a.phi == b.phi &&
           a.heartbeatAge == b.heartbeatAge && a.blockedBy == b.blockedBy &&
           std::ranges::equal(a.evidence, b.evidence, same);
}

inline bool sameInstance(const Instance& a, const Instance& b) {
    bool same = a.id == b.id && a.status == b.status && a.statusText == b.statusText;
    for (const InstanceField& field : instanceFields())
        std::visit([&](auto member) { same = same && a.*member == b.*member; }, field.member);
    if (a.assessment.has_value() != b.assessment.has_value() ||
        a.held.has_value() != b.held.has_value())
        return false;
    if (a.assessment && !sameAssessment(*a.assessment, *b.assessment))
        return false;
    return same && (!a.held || (a.held->reason == b.held->reason &&
                                a.held->actor == b.held->actor && a.held->until == b.held->until));
}

} // namespace vigie
