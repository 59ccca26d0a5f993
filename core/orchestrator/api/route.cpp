#include "core/orchestrator/api/route.h"

#include <QStringList>

#include <algorithm>
#include <cstring>

namespace vigie {

namespace {

std::optional<QHash<QString, QString>> matchPath(const char* pattern, const QStringList& path) {
    const QStringList parts = QString::fromLatin1(pattern).split(QLatin1Char('/'));
    if (parts.size() != path.size())
        return std::nullopt;
    QHash<QString, QString> parameters;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QString& part = parts.at(i);
        if (part.startsWith(QLatin1Char('{')))
            parameters.insert(part.mid(1, part.size() - 2), path.at(i));
        else if (part != path.at(i))
            return std::nullopt;
    }
    return parameters;
}

} // namespace

RouteMatch matchRoute(std::span<const Route> table, const QByteArray& method, const QString& path) {
    const QStringList parts = path.split(QLatin1Char('/'));
    RouteMatch match;
    for (const Route& route : table) {
        if (match.path) {
            if (std::strcmp(match.path, route.path) != 0)
                continue;
        } else if (auto parameters = matchPath(route.path, parts)) {
            match.path = route.path;
            match.parameters = std::move(*parameters);
        } else {
            continue;
        }
        if (!match.allow.isEmpty())
            match.allow += ", ";
        match.allow += route.method;
        if (std::strcmp(route.method, "GET") == 0)
            match.allow += ", HEAD";
        if (method == route.method || (method == "HEAD" && std::strcmp(route.method, "GET") == 0))
            match.route = &route;
    }
    return match;
}

} // namespace vigie
