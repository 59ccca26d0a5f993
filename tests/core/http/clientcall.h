#pragma once

#include "core/http/httpclient.h"

#include <QCoreApplication>

#include <optional>

namespace vigie {

/// Runs one call to its end on this thread's event loop.
template <typename Caller>
Outcome<HttpReply> finish(Caller& caller, HttpRequest request) {
    std::optional<Outcome<HttpReply>> result;
    TaskScope scope;
    scope.spawn([](Caller& c, HttpRequest r, std::stop_token stop,
                   std::optional<Outcome<HttpReply>>& out) -> Task<> {
        Outcome<HttpReply> answer = co_await c.send(std::move(r), std::move(stop));
        out.emplace(std::move(answer));
    }(caller, std::move(request), scope.token(), result));
    while (!result)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return *std::move(result);
}

inline HttpRequest get(const QUrl& url) {
    HttpRequest request;
    request.url = url;
    return request;
}

} // namespace vigie
