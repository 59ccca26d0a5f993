#pragma once

#include "core/base/task.h"
#include "core/orchestrator/api/call.h"

#include <span>

namespace vigie {

struct ApiContext;

/// One row of the API: 404, 405 with its Allow, 401 and 403 all follow from the table.
struct Route {
    using Handler = Task<ServerResponse> (*)(ApiContext&, Call);

    const char* method;
    const char* path; ///< template: "/instances/{id}"
    Need need;
    Handler handler;
    enum class Trait {
        None,
        /// The answer holds a secret: it is not kept for an Idempotency-Key, a repeated call makes
        /// another one.
        Secret,
        /// The answer shows what memory has of the store: 503 while that is away, for it would
        /// show an old fleet as the present one.
        OfStore,
        /// Its body holds what models are asked, which may have any character but NUL.
        AnyText,
    };
    Trait trait = Trait::None;
};

/// Everything the daemon serves. A literal path stands before a template that would match it too.
std::span<const Route> routeTable();

struct RouteMatch {
    const Route* route = nullptr;       ///< null: see `path`
    const char* path = nullptr;         ///< the matching template; null: no such path (404)
    QByteArray allow;                   ///< methods of that template, for 405: "GET, HEAD"
    QHash<QString, QString> parameters; ///< of the template
};

/// The first template that matches the path decides; HEAD is served wherever GET is.
RouteMatch matchRoute(std::span<const Route> table, const QByteArray& method, const QString& path);

} // namespace vigie
