#include "core/orchestrator/api/route.h"

#include <cstring>
#include <string_view>

namespace vigie {

namespace {

/// Whether `path` fits the template `pattern`, whose parameters it holds then. Every request asks
/// this of the whole table, so nothing is copied before a template's parameter is met.
bool fits(std::string_view pattern, QStringView path, QHash<QString, QString>& parameters) {
    while (true) {
        const size_t partEnd = pattern.find('/');
        const qsizetype wordEnd = path.indexOf(u'/');
        const std::string_view part = pattern.substr(0, partEnd);
        const QStringView word = wordEnd < 0 ? path : path.first(wordEnd);
        if (part.starts_with('{'))
            parameters.insert(QString::fromUtf8(part.data() + 1, qsizetype(part.size()) - 2),
                              word.toString());
        else if (word != QLatin1StringView(part.data(), qsizetype(part.size())))
            return false;
        if (partEnd == part.npos || wordEnd < 0)
            return partEnd == part.npos && wordEnd < 0;
        pattern.remove_prefix(partEnd + 1);
        path = path.sliced(wordEnd + 1);
    }
}

} // namespace

RouteMatch matchRoute(std::span<const Route> table, const QByteArray& method, const QString& path) {
    RouteMatch match;
    for (const Route& route : table) {
        if (match.path) {
            if (std::strcmp(match.path, route.path) != 0)
                continue;
        } else if (QHash<QString, QString> parameters; fits(route.path, path, parameters)) {
            match.path = route.path;
            match.parameters = std::move(parameters);
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
