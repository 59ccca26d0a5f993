#include "core/orchestrator/daemon.h"

#include "core/base/log.h"
#include "core/http/httpserver.h"
#include "core/model/breakercodec.h"
#include "core/orchestrator/actions/forgotten.h"
#include "core/orchestrator/alerting/alertdesk.h"
#include "core/orchestrator/alerting/alertpusher.h"
#include "core/orchestrator/api/api.h"
#include "core/orchestrator/api/apimetrics.h"
#include "core/orchestrator/api/callerlimits.h"
#include "core/orchestrator/api/chaosdesk.h"
#include "core/orchestrator/api/eventfeed.h"
#include "core/orchestrator/api/finopsfeed.h"
#include "core/orchestrator/api/fleetcodec.h"
#include "core/orchestrator/api/meteredstore.h"
#include "core/orchestrator/daemon/daemoncalls.h"
#include "core/orchestrator/daemon/daemonhealth.h"
#include "core/orchestrator/daemon/guardedprovider.h"
#include "core/orchestrator/daemon/listenaddress.h"
#include "core/orchestrator/daemon/reloading.h"
#include "core/orchestrator/daemon/storelocation.h"
#include "core/orchestrator/daemon/tlsfiles.h"
#include "core/orchestrator/lifecyclefigures.h"
#include "core/orchestrator/samplebook.h"
#include "core/orchestrator/simulation/simulationdesk.h"
#include "core/orchestrator/watchdogsettings.h"
#include "core/store/openstore.h"

#include <QSysInfo>

#include <algorithm>

namespace vigie {

namespace {

/// The second listener of a daemon that speaks TLS: on loopback, plain, and only for what has no
/// certificate to show or to check.
bool isForHome(const QString& path) {
    return path == QLatin1String("/livez") || path.startsWith(QLatin1String("/internal/worker/"));
}

Outcome<std::unique_ptr<Provider>> makeProvider(const ProviderContext& context,
                                                const QString& code) {
    for (const ProviderDescriptor& each : providers::registry()) {
        if (each.code == code)
            return each.create(context);
    }
    return fail(FailureKind::Invalid, QStringLiteral("there is no provider \"%1\"").arg(code));
}

} // namespace

class Daemon::Private {
public:
    Private(Clock& c, Settings s) : clock(c), settings(std::move(s)) {}
    ~Private();

    Task<Outcome<Listening>> start();
    Outcome<void> reload(const Settings& changed);

private:
    Outcome<void> readTls();
    Outcome<void> makeParts();
    Outcome<QUrl> listen();
    void serve(const QUrl& url);
    FleetSides sides() const;
    Task<Outcome<void>> joinOthers(QUrl url);
    Duration lease() const { return settings.seconds(QStringLiteral("store.lease_seconds")); }

    Clock& clock;
    const Settings settings;
    ListenAddress address;
    StoreLocation location;
    AlertPushSettings pushSettings;
    std::unique_ptr<DaemonCalls> calls; // before the store, which tells it of its own calls
    std::unique_ptr<MeteredStore> store;
    std::unique_ptr<GuardedProvider> provider;
    std::unique_ptr<ControlPlane> plane;
    std::unique_ptr<AccessControl> access;
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<IdempotencyGate> idempotency;
    std::unique_ptr<InstanceTeller> teller;
    std::unique_ptr<FleetFeed> feed;
    std::unique_ptr<EventFeed> events;
    std::unique_ptr<FinopsFeed> finops;
    std::unique_ptr<ChaosDesk> chaos;
    std::unique_ptr<SimulationDesk> simulations;
    std::unique_ptr<CallerLimits> limits;
    std::unique_ptr<DaemonHealth> health;
    std::unique_ptr<BreakerOverrides> overrides;
    std::unique_ptr<ApiMetrics> metrics;
    std::unique_ptr<LifecycleFigures> lifecycle;
    std::unique_ptr<TaskFigures> taskFigures;
    std::unique_ptr<TaskHost> tasks;
    std::unique_ptr<JobRunner> jobs;
    std::unique_ptr<AlertDesk> alerts;
    std::unique_ptr<AlertPusher> pusher;
    std::unique_ptr<ApiContext> context;
    std::unique_ptr<Api> api;
    std::unique_ptr<HttpServer> server;
    std::shared_ptr<ServerTls> tls; ///< null: plain HTTP
    quint16 port = 0;
    quint16 homePort = 0; ///< with TLS: for our own call and workers on this machine
    ControlPlane::Subscription news;
    TaskScope upkeep; // must be last: what it runs uses the rest
};

Daemon::Private::~Private() {
    news.reset();
    upkeep.drain();
    if (server) {
        server->close(port);
        server->close(homePort);
    }
    if (finops)
        finops->stop();
    if (events)
        events->stop();
    if (api)
        api->stop();
    if (pusher)
        pusher->stop();
    if (alerts)
        alerts->stop();
    if (jobs)
        jobs->stop();
    if (overrides)
        overrides->stop();
    tasks.reset();
    health.reset();
    server.reset();
    if (calls)
        calls->countIn(nullptr);
}

Outcome<void> Daemon::Private::readTls() {
    const auto files = tlsFilesOf(settings);
    if (!files)
        return fail(files.error());
    if (files->certificate.isEmpty())
        return {};
    auto read = readServerTls(*files);
    if (!read)
        return fail(read.error());
    tls = std::move(*read);
    return {};
}

Outcome<void> Daemon::Private::reload(const Settings& changed) {
    if (!health || !jobs || !server)
        return fail(FailureKind::Conflict,
                    QStringLiteral("it is still starting; reload once it listens"));
    Reloadable parts{*calls, *health, jobs->policy(), {}};
    if (tls)
        parts.replaceTls = [this](auto renewed) { server->replaceTls(port, std::move(renewed)); };
    return vigie::reload(parts, changed);
}

Outcome<void> Daemon::Private::makeParts() {
    const auto where = listenAddressFrom(settings.text(QStringLiteral("server.listen")));
    if (!where)
        return fail(where.error());
    address = *where;
    if (auto read = readTls(); !read)
        return read;
    if (!address.loopback() && !tls && !settings.boolean(QStringLiteral("server.insecure_http"))) {
        return fail(FailureKind::Invalid,
                    QStringLiteral("listening on %1 without TLS would show tokens to the network; "
                                   "give --tls-certificate and --tls-key, listen on 127.0.0.1 "
                                   "behind a TLS proxy, or accept it with --insecure-http")
                        .arg(address.host));
    }
    const auto push = readAlertPushSettings(settings);
    if (!push)
        return fail(push.error());
    pushSettings = *push;
    const auto found = storeLocation(settings);
    if (!found)
        return fail(found.error());
    location = *found;
    auto engine = DaemonCalls::make(clock, settings);
    if (!engine)
        return fail(engine.error());
    calls = std::move(*engine);
    auto opened = openStore(location.url, calls->storeCalls());
    if (!opened)
        return fail(opened.error());
    store = std::make_unique<MeteredStore>(clock, std::move(*opened));

    auto made = makeProvider({clock, settings, location.stateDirectory, store->shared()},
                             settings.text(QStringLiteral("provider")));
    if (!made)
        return fail(made.error());
    calls->watchStore(store->circuit());
    provider = std::make_unique<GuardedProvider>(clock, std::move(*made), *calls);
    return {};
}

Task<Outcome<Daemon::Listening>> Daemon::Private::start() {
    if (auto made = makeParts(); !made)
        co_return fail(made.error());
    plane = std::make_unique<ControlPlane>(clock, *store);
    provider->actOnlyWhile([this] { return plane->replica().holds(); });
    provider->actUnless([this] { return plane->whyUntouched(); });
    const auto loaded = co_await plane->load();
    if (!loaded)
        co_return fail(loaded.error());
    if (const QString why = plane->whyUntouched(); !why.isEmpty())
        logWarning(QStringLiteral("store"), why);
    access = std::make_unique<AccessControl>(clock, *store);
    const auto tokenFile = co_await access->open(location.tokenFile);
    if (!tokenFile)
        co_return fail(tokenFile.error());
    access->follow();
    if (!store->shared())
        co_await failForgottenActions(*plane); // else whoever leads does
    auto watching = DaemonHealth::make(
        clock, settings, *store, [this] { return std::vector<Breaker>{provider->breaker()}; },
        calls->shared());
    if (!watching)
        co_return fail(watching.error());
    health = std::move(*watching);
    overrides = std::make_unique<BreakerOverrides>(*plane, *calls);
    // Before the first call of the provider: somebody may have forbidden it.
    const auto imposed = co_await overrides->refresh();
    if (!imposed)
        co_return fail(imposed.error());
    const auto url = listen();
    if (!url)
        co_return fail(url.error());
    serve(*url);
    const auto joined = co_await joinOthers(*url);
    if (!joined)
        co_return fail(joined.error());
    overrides->start();
    jobs->start();
    finops->start();
    alerts->start();
    pusher->start();
    health->start();
    calls->strikeStore();
    co_return Listening{*url, *tokenFile};
}

Outcome<QUrl> Daemon::Private::listen() {
    HttpServerOptions options;
    options.maxConnections = settings.integer(QStringLiteral("server.max_connections"));
    options.maxBodyBytes = settings.integer(QStringLiteral("server.max_body_bytes"));
    options.allowedHosts = settings.textList(QStringLiteral("server.allowed_hosts"));
    if (const QUrl publicUrl(settings.text(QStringLiteral("server.public_url")));
        !publicUrl.host().isEmpty())
        options.allowedHosts.append(publicUrl.host());
    options.serverName = "vigied";
    options.unhurriedPaths = {"/internal/worker/heartbeat"};
    server = std::make_unique<HttpServer>(
        options, [this](ServerRequest request, HttpServer::Respond respond) {
            if (request.localPort == homePort && !isForHome(request.path))
                return respond(ServerResponse::json(
                    404, R"({"error":"not_found","message":"only workers call here"})"));
            api->handle(std::move(request), std::move(respond));
        });
    const auto bound = server->listen(address.host, address.port, tls);
    if (!bound)
        return fail(bound.error());
    port = *bound;
    if (tls) {
        const auto home = server->listen(QStringLiteral("127.0.0.1"), 0);
        if (!home)
            return fail(home.error());
        homePort = *home;
    }
    return address.url(port, tls != nullptr);
}

// Called right after listen(), before the event loop can bring a request.
void Daemon::Private::serve(const QUrl& url) {
    const QString publicUrl = settings.text(QStringLiteral("server.public_url"));
    const WatchdogSettings watchdog = readWatchdogSettings(settings);
    http = std::make_unique<HttpClient>(clock);
    const QUrl home = !publicUrl.isEmpty() ? QUrl(publicUrl)
                      : tls ? ListenAddress{QStringLiteral("127.0.0.1"), 0}.url(homePort)
                            : url;
    idempotency = std::make_unique<IdempotencyGate>(clock, *store);
    teller = std::make_unique<InstanceTeller>(*plane);
    JobRunner::Parts jobParts{clock, settings, *plane,           *provider,
                              *http, home,     &calls->probes(), lease()};
    jobParts.kept = StoreKeeper::keptBy(settings);
    jobs = std::make_unique<JobRunner>(jobParts);
    feed =
        std::make_unique<FleetFeed>(*plane, *teller, plane->storeId(), [this] { return sides(); });
    const auto breakers = [this] { return calls->breakers(); };
    const auto breakerCalls = [this](const QString& name) { return calls->callsOf(name); };
    metrics = std::make_unique<ApiMetrics>(ApiMetrics::Parts{
        *plane, *jobs, *store, breakers, [this] { return health->report(); },
        [this] { return alerts->alerts(); }, watchdog.policy.expectedBeatInterval});
    taskFigures = std::make_unique<TaskFigures>(clock, metrics->registry());
    tasks = std::make_unique<TaskHost>(
        settings, [this](const TaskResult& result) { taskFigures->ended(result); },
        calls->shared());
    calls->onReloaded([this](const Settings& newest) {
        if (tasks)
            tasks->reload(newest);
    });
    calls->countIn(&metrics->registry());
    context = std::unique_ptr<ApiContext>(new ApiContext{
        *plane, *provider, *jobs, *access, *idempotency, *teller, *feed, *metrics, breakers,
        breakerCalls, *overrides, *tasks, QStringLiteral("vigied:%1").arg(port),
        settings.textList(QStringLiteral("server.allowed_origins")),
        watchdog.policy.expectedBeatInterval, [this] { return health->report(); }});
    events = std::make_unique<EventFeed>(*plane);
    lifecycle = std::make_unique<LifecycleFigures>(*plane, metrics->registry());
    store->onCommitted([this](const ChangeSet& written) {
        lifecycle->committed(written);
        if (!written.logStarts.empty())
            events->logged(written.logStarts);
    });
    finops = std::make_unique<FinopsFeed>(*plane, *events);
    store->onFinops([this] { finops->look(); });
    chaos = std::make_unique<ChaosDesk>(*plane, *provider, calls.get());
    context->chaos = chaos.get();
    simulations = std::make_unique<SimulationDesk>(clock);
    context->simulations = simulations.get();
    context->events = events.get();
    context->http = http.get();
    context->workerCalls = &calls->probes();
    alerts = std::make_unique<AlertDesk>(AlertDesk::Parts{*plane, *jobs, breakers,
                                                          [this] { return taskFigures->failing(); },
                                                          [this] { return chaos->active(); }});
    alerts->onChanged([this](const QStringList& fingerprints) {
        events->told(QStringLiteral("alerts"), "alert.updated", fingerprints);
        pusher->changed();
    });
    pusher = std::make_unique<AlertPusher>(
        AlertPusher::Parts{clock, *alerts, *http, calls->shared(), home, &metrics->registry()},
        pushSettings);
    context->alerts = alerts.get();
    limits = std::make_unique<CallerLimits>(
        clock, settings.integer(QStringLiteral("server.requests_per_second")));
    context->limits = limits.get();
    api = std::make_unique<Api>(*context);
}

/// Before any job runs: what it does needs the lease.
Task<Outcome<void>> Daemon::Private::joinOthers(QUrl url) {
    const QString name =
        QStringLiteral("vigied on %1, %2:%3")
            .arg(QSysInfo::machineHostName(), url.host(), QString::number(url.port()));
    const auto joined = co_await plane->replica().join(
        name, std::chrono::duration_cast<std::chrono::milliseconds>(lease()));
    if (!joined)
        co_return fail(joined.error());
    news = plane->onNews([this](const StoreNews& heard) {
        finops->look();
        if (!heard.logs && !heard.everything)
            return;
        jobs->operations().heed();
        if (!plane->replica().leads())
            upkeep.spawn(jobs->automation().follow());
    });
    plane->follow();
    co_return Outcome<void>{};
}

FleetSides Daemon::Private::sides() const {
    const std::vector<Breaker> breakers = calls->breakers();
    FleetSides sides;
    sides.breakers = encodeBreakers(breakers);
    sides.jobs = encodeJobs(jobs->stats(), context->daemonName);
    const QStringList making = chaos->active();
    sides.automation = encodeAutomation(jobs->automation().view(), making);
    sides.mark = jobs->automation().mark() + making.join(QLatin1Char(';')).toUtf8();
    if (alerts) {
        const std::vector<ToldAlert> firing = alerts->alerts();
        sides.alerts = encodeAlerts(firing);
        sides.mark += alerts->mark();
    }
    for (const Breaker& breaker : breakers)
        sides.mark += (breaker.name + QLatin1Char('=') + toString(breaker.effective)).toUtf8();
    return sides;
}

Daemon::Daemon(Clock& clock, Settings settings)
    : d(std::make_unique<Private>(clock, std::move(settings))) {}
Daemon::~Daemon() = default;

Task<Outcome<Daemon::Listening>> Daemon::start() {
    return d->start();
}

Outcome<void> Daemon::reload(const Settings& settings) {
    return d->reload(settings);
}

} // namespace vigie
