#include "core/orchestrator/api/role.h"

#include <array>

namespace vigie {

namespace {

struct RoleWord {
    Role role;
    QLatin1String word;
};
constexpr std::array roleWords{
    RoleWord{Role::Metrics, QLatin1String("metrics")},
    RoleWord{Role::Worker, QLatin1String("worker")},
    RoleWord{Role::Viewer, QLatin1String("viewer")},
    RoleWord{Role::Operator, QLatin1String("operator")},
    RoleWord{Role::Admin, QLatin1String("admin")},
};

} // namespace

QString toString(Role role) {
    for (const RoleWord& entry : roleWords) {
        if (entry.role == role)
            return entry.word;
    }
    return {};
}

std::optional<Role> roleFromString(QStringView word) {
    for (const RoleWord& entry : roleWords) {
        if (word == entry.word)
            return entry.role;
    }
    return std::nullopt;
}

bool suffices(Role role, Need need) {
    switch (need) {
    case Need::Nobody:
        return true;
    case Need::Metrics:
        return role != Role::Worker;
    case Need::Viewer:
        return role >= Role::Viewer;
    case Need::Operator:
        return role >= Role::Operator;
    case Need::Admin:
        return role == Role::Admin;
    case Need::Worker:
        return role == Role::Worker;
    }
    return false;
}

QString whoMay(Need need) {
    switch (need) {
    case Need::Nobody:
        return QStringLiteral("anybody");
    case Need::Metrics:
        return QStringLiteral("a token with the role metrics, viewer, operator or admin");
    case Need::Viewer:
        return QStringLiteral("a token with the role viewer, operator or admin");
    case Need::Operator:
        return QStringLiteral("a token with the role operator or admin");
    case Need::Admin:
        return QStringLiteral("a token with the role admin");
    case Need::Worker:
        break;
    }
    return QStringLiteral("the worker of the instance, with its own token");
}

} // namespace vigie
