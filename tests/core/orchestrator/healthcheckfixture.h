#pragma once

#include "core/base/eventual.h"
#include "core/orchestrator/jobs/healthcheck/healthcheck.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QSet>

#include <functional>
#include <utility>

namespace vigie {

/// What the instances answer, by path; and what was asked.
struct Web {
    QHash<QString, int> status{{QStringLiteral("/readyz"), 200}}; ///< 0: refused
    QStringList asked;
    QByteArray body;
    std::function<void(const QString& path)> meanwhile; ///< before the answer
    QSet<int> hanging;                                  ///< ports that answer with letGo() only
    std::vector<Eventual<bool>> waiting;

    jobs::healthcheck::HttpSend send() {
        return [this](HttpRequest request, std::stop_token) { return answer(std::move(request)); };
    }
    /// They fail, as at a deadline.
    void letGo() {
        for (const Eventual<bool>& one : std::exchange(waiting, {}))
            one.resolve(true);
    }
    qsizetype askedOf(int port) const {
        return asked.filter(QStringLiteral(":%1/").arg(port)).size();
    }

private:
    Task<Outcome<HttpReply>> answer(HttpRequest request) {
        asked.append(request.url.toString());
        if (meanwhile)
            meanwhile(request.url.path());
        if (hanging.contains(request.url.port())) {
            const Eventual<bool> over;
            waiting.push_back(over);
            co_await over;
            co_return fail(FailureKind::Timeout, QStringLiteral("no answer in time"));
        }
        const int code = status.value(request.url.path(), 404);
        if (code == 0)
            co_return fail(FailureKind::Network, QStringLiteral("connection refused"));
        HttpReply reply;
        reply.status = code;
        reply.body = body;
        co_return reply;
    }
};

struct HealthCheckFixture : ControlFixture {
    Web web;
    jobs::healthcheck::HealthCheckOptions options;
    WatchdogSettings watchdog;
    jobs::healthcheck::HealthCheckJob job{context, options, watchdog, web.send()};

    JobReport run() { return finishedTask(job.run({})); }
    ProbeResult result(const InstanceId& id) const { return probes.results.value(id); }
    void edit(const InstanceId& id, std::function<void(InstanceRecord&)> with) {
        ControlPlane::Change change;
        change.edit = std::move(with);
        if (!finishedTask(plane.apply(id, std::move(change))))
            qFatal("edit failed");
    }
};

} // namespace vigie
