#pragma once

#include "core/orchestrator/alerting/alertdesk.h"
#include "core/orchestrator/api/api.h"
#include "core/orchestrator/api/apimetrics.h"
#include "core/orchestrator/api/chaosdesk.h"
#include "core/orchestrator/api/eventfeed.h"
#include "core/orchestrator/api/finopsfeed.h"
#include "core/orchestrator/api/meteredstore.h"
#include "core/orchestrator/secrets.h"
#include "core/orchestrator/simulation/simulationdesk.h"
#include "tests/core/orchestrator/api/answer.h"
#include "tests/core/orchestrator/api/apisettings.h"
#include "tests/core/orchestrator/api/breakablestore.h"
#include "tests/core/orchestrator/api/fakebreakers.h"
#include "tests/support/await.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakeprovider.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <optional>

namespace vigie {

/// The API over a real SQLite store and a fake provider, called without a network, with no job
/// running and a clock that stands still.
class ApiFixture {
public:
    ApiFixture()
        : store(clock, openedStore()), plane(clock, store), access(clock, store), http(clock),
          jobs({clock, settings, plane, provider, http, QUrl(QStringLiteral("http://127.0.0.1:1"))},
               {}),
          idempotency(clock, store), teller(plane),
          feed(plane, teller, QStringLiteral("test"), [this] { return sides; }),
          metrics({plane, jobs, store, [this] { return breakers; }}),
          overrides(plane, breakerControl),
          tasks(settings), context{plane,
                                   provider,
                                   jobs,
                                   access,
                                   idempotency,
                                   teller,
                                   feed,
                                   metrics,
                                   [this] { return breakers; },
                                   [](const QString&) { return std::nullopt; },
                                   overrides,
                                   tasks,
                                   QStringLiteral("test"),
                                   {QStringLiteral("https://ops.example.org")},
                                   std::chrono::seconds(4)},
          events(plane), finops(plane, events), chaos(plane, provider, nullptr), simulations(clock),
          alerts({plane, jobs, [this] { return breakers; }}), api(context) {
        context.events = &events;
        context.alerts = &alerts;
        context.http = &http;
        context.chaos = &chaos;
        context.simulations = &simulations;
        store.onFinops([this] { finops.look(); });
        finops.start();
        store.onCommitted([this](const ChangeSet& written) { events.logged(written.logStarts); });
        provider.add(machine.value());
        await(plane.load());
        for (const Role role : {Role::Viewer, Role::Operator, Role::Admin, Role::Metrics})
            tokens.insert(toString(role), **await(access.addToken(toString(role), role)));
    }

    /// What still runs may write, and what is written is told to the feed.
    ~ApiFixture() {
        jobs.stop();
        finops.stop();
    }
    ApiFixture(const ApiFixture&) = delete;
    ApiFixture& operator=(const ApiFixture&) = delete;

    struct Wish {
        QByteArray method = "GET";
        QString path;
        QString token; ///< a role's name, or a token itself; empty: none
        QByteArray body;
        HttpHeaders headers;
    };
    /// Begins a call; the answer arrives in the returned place once its status is not 0.
    std::shared_ptr<Answer> begin(Wish wish) {
        ServerRequest request;
        request.method = wish.method;
        const qsizetype mark = wish.path.indexOf(QLatin1Char('?'));
        request.path = wish.path.left(mark);
        if (mark >= 0)
            request.query = QUrlQuery(wish.path.mid(mark + 1));
        request.headers = wish.headers;
        request.headers.emplaceBack("Host", "127.0.0.1:8003");
        if (!wish.token.isEmpty()) {
            const QString token = tokens.value(wish.token, wish.token);
            request.headers.emplaceBack("Authorization", "Bearer " + token.toUtf8());
        }
        request.body = wish.body;
        request.peerAddress = QStringLiteral("127.0.0.1");
        auto answer = std::make_shared<Answer>();
        api.handle(std::move(request), [answer](ServerResponse response) {
            answer->status = response.status;
            answer->body = response.body ? response.body->joined() : QByteArray();
            answer->headers = response.headers;
            answer->stream = response.stream;
        });
        return answer;
    }
    Answer call(Wish wish) {
        const auto answer = begin(std::move(wish));
        while (answer->status == 0)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        return *answer;
    }
    Answer get(const QString& path, const QString& token = QStringLiteral("viewer")) {
        return call({"GET", path, token, {}, {}});
    }
    Answer post(const QString& path, const QByteArray& body, const QString& token,
                const HttpHeaders& headers = {}) {
        return call({"POST", path, token, body, headers});
    }

    /// Deploys an instance through the API.
    InstanceId deploy() {
        const Answer answer =
            post(QStringLiteral("/deployments"), deployment, QStringLiteral("operator"));
        return InstanceId(answer.text("instance_id"));
    }
    /// Writes what the provisioning job would: a machine, a bootstrap secret, `booting`.
    QString boot(const InstanceId& id) {
        const Secret secret = newSecret();
        ControlPlane::Change change;
        change.cause = TransitionCause::ProviderStarted;
        change.edit = [hash = secret.hash](InstanceRecord& record) {
            record.instance.providerInstanceId = machine.value();
            record.instance.incarnation = 1;
            record.bootstrapSecretHash = hash;
        };
        await(plane.apply(id, std::move(change)));
        return secret.plain;
    }
    void move(const InstanceId& id, TransitionCause cause) {
        ControlPlane::Change change;
        change.cause = cause;
        await(plane.apply(id, std::move(change)));
    }
    QString status(const InstanceId& id) const { return toString(plane.find(id)->instance.status); }
    static QString at(const InstanceId& id, const char* more = "") {
        return QStringLiteral("/instances/") + id.value() + QLatin1String(more);
    }

    static inline const QByteArray deployment =
        R"({"provider_code":"fake","zone":"zone-1","instance_type":"small","model_id":"m"})";

    static inline const MachineId machine{QStringLiteral("machine-1")};

    QTemporaryDir folder;
    FakeClock clock;
    const Settings settings = apiSettings(folder.path());
    BreakableStore* breakable = nullptr; ///< owned by `store`
    MeteredStore store;
    FakeProvider provider;
    ControlPlane plane;
    AccessControl access;
    HttpClient http;
    JobRunner jobs;
    IdempotencyGate idempotency;
    InstanceTeller teller;
    FleetSides sides;
    std::vector<Breaker> breakers;
    FleetFeed feed;
    ApiMetrics metrics;
    FakeBreakers breakerControl;
    BreakerOverrides overrides;
    TaskHost tasks;
    ApiContext context;
    EventFeed events;
    FinopsFeed finops;
    ChaosDesk chaos;
    SimulationDesk simulations;
    AlertDesk alerts;
    Api api;
    QHash<QString, QString> tokens; ///< by role

private:
    std::unique_ptr<Store> openedStore() {
        auto opened =
            openStore(QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db")));
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        auto wrapped = std::make_unique<BreakableStore>(std::move(*opened));
        breakable = wrapped.get();
        return wrapped;
    }
};

} // namespace vigie
