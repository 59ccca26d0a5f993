#include "core/orchestrator/api/route.h"

#include <QSet>
#include <QTest>

using namespace vigie;

namespace {

// Who may call what, written down apart from the table it checks.
struct Expected {
    const char* method;
    const char* path;
    const char* roles; // "anybody", "worker", or the roles that may
};
const Expected expected[] = {
    {"GET", "/version", "anybody"},
    {"GET", "/openapi.json", "anybody"},
    {"POST", "/auth/login", "anybody"},
    {"GET", "/livez", "anybody"},
    {"GET", "/readyz", "anybody"},
    {"POST", "/internal/worker/register", "worker"},
    {"POST", "/internal/worker/heartbeat", "worker"},
    {"GET", "/metrics", "metrics viewer operator admin"},
    {"GET", "/health/components", "viewer operator admin"},
    {"GET", "/whoami", "viewer operator admin"},
    {"GET", "/instances", "viewer operator admin"},
    {"GET", "/instances/search", "viewer operator admin"},
    {"GET", "/instances/x", "viewer operator admin"},
    {"GET", "/instances/x/metrics", "viewer operator admin"},
    {"GET", "/instances/x/history", "viewer operator admin"},
    {"GET", "/instances/x/heartbeats", "viewer operator admin"},
    {"GET", "/action_logs", "viewer operator admin"},
    {"GET", "/action_logs/search", "viewer operator admin"},
    {"GET", "/action_types", "viewer operator admin"},
    {"GET", "/fleet", "viewer operator admin"},
    {"GET", "/events/stream", "viewer operator admin"},
    {"GET", "/catalog", "viewer operator admin"},
    {"POST", "/catalog/sync", "operator admin"},
    {"POST", "/reconcile", "operator admin"},
    {"GET", "/admin/status", "viewer operator admin"},
    {"GET", "/gpu/activity", "viewer operator admin"},
    {"GET", "/system/activity", "viewer operator admin"},
    {"GET", "/instances/x/logs", "viewer operator admin"},
    {"GET", "/jobs", "viewer operator admin"},
    {"GET", "/automation", "viewer operator admin"},
    {"GET", "/policy", "viewer operator admin"},
    {"PUT", "/policy", "admin"},
    {"GET", "/admin/mock", "admin"},
    {"POST", "/admin/mock", "admin"},
    {"GET", "/chaos", "admin"},
    {"POST", "/chaos", "admin"},
    {"GET", "/scenarios", "viewer operator admin"},
    {"GET", "/simulations", "viewer operator admin"},
    {"POST", "/simulations", "operator admin"},
    {"GET", "/simulations/x", "viewer operator admin"},
    {"POST", "/simulations/x/abort", "operator admin"},
    {"GET", "/finops/events", "viewer operator admin"},
    {"GET", "/orphan_machines", "viewer operator admin"},
    {"POST", "/automation", "admin"},
    {"GET", "/circuit_breakers", "viewer operator admin"},
    {"POST", "/circuit_breakers/x", "operator admin"},
    {"GET", "/circuit_breakers/x/calls", "viewer operator admin"},
    {"GET", "/alerts", "viewer operator admin"},
    {"GET", "/silences", "viewer operator admin"},
    {"POST", "/silences", "operator admin"},
    {"DELETE", "/silences/x", "operator admin"},
    {"GET", "/volumes", "viewer operator admin"},
    {"GET", "/latency", "viewer operator admin"},
    {"GET", "/tasks", "viewer operator admin"},
    {"POST", "/tasks", "operator admin"},
    {"GET", "/tasks/x", "viewer operator admin"},
    {"GET", "/dead_letters", "viewer operator admin"},
    {"PATCH", "/dead_letters/x", "operator admin"},
    {"DELETE", "/dead_letters/x", "operator admin"},
    {"POST", "/dead_letters/x/replay", "operator admin"},
    {"GET", "/checkpoints", "viewer operator admin"},
    {"POST", "/checkpoints/x/resume", "operator admin"},
    {"POST", "/deployments", "operator admin"},
    {"DELETE", "/instances/x", "operator admin"},
    {"POST", "/instances/x/reinstall", "operator admin"},
    {"PUT", "/instances/x/archive", "operator admin"},
    {"POST", "/instances/x/bootstrap_secret", "admin"},
    {"POST", "/actions/plan", "operator admin"},
    {"GET", "/actions", "viewer operator admin"},
    {"POST", "/actions", "operator admin"},
    {"GET", "/actions/x", "viewer operator admin"},
    {"POST", "/actions/x/pause", "operator admin"},
    {"POST", "/actions/x/resume", "operator admin"},
    {"POST", "/actions/x/abort", "operator admin"},
    {"POST", "/jobs/x/run", "admin"},
};

} // namespace

class TestRoute : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("pattern"); // empty: 404
        QTest::addColumn<bool>("served");        // false with a pattern: 405
        QTest::addColumn<QByteArray>("allow");
        const auto row = [](const char* name, const char* method, const char* path,
                            const char* pattern, bool served, const char* allow) {
            QTest::newRow(name) << QByteArray(method) << QString::fromLatin1(path)
                                << QByteArray(pattern) << served << QByteArray(allow);
        };
        row("literal", "GET", "/instances", "/instances", true, "GET, HEAD");
        row("head is get", "HEAD", "/instances", "/instances", true, "GET, HEAD");
        row("literal before template", "GET", "/instances/search", "/instances/search", true,
            "GET, HEAD");
        row("template", "GET", "/instances/abc", "/instances/{id}", true, "GET, HEAD, DELETE");
        row("second method", "DELETE", "/instances/abc", "/instances/{id}", true,
            "GET, HEAD, DELETE");
        row("literal shields template", "DELETE", "/instances/search", "/instances/search", false,
            "GET, HEAD");
        row("wrong method", "PATCH", "/instances/abc", "/instances/{id}", false,
            "GET, HEAD, DELETE");
        row("post only", "GET", "/deployments", "/deployments", false, "POST");
        row("log-in", "POST", "/auth/login", "/auth/login", true, "POST");
        row("nothing", "GET", "/nothing", "", false, "");
        row("deeper", "GET", "/instances/a/b/c", "", false, "");
        row("trailing slash", "GET", "/instances/", "/instances/{id}", true, "GET, HEAD, DELETE");
        row("root", "GET", "/", "", false, "");
        row("case counts", "GET", "/Instances", "", false, "");
        row("method case counts", "get", "/instances", "/instances", false, "GET, HEAD");
    }
    void finds() {
        QFETCH(QByteArray, method);
        QFETCH(QString, path);
        QFETCH(QByteArray, pattern);
        QFETCH(bool, served);
        QFETCH(QByteArray, allow);
        const RouteMatch match = matchRoute(routeTable(), method, path);
        QCOMPARE(QByteArray(match.path), pattern);
        QCOMPARE(match.route != nullptr, served);
        QCOMPARE(match.allow, allow);
    }

    void tellsParameters() {
        const RouteMatch match =
            matchRoute(routeTable(), "POST", QStringLiteral("/jobs/worker-watchdog/run"));
        QVERIFY(match.route);
        QCOMPARE(match.parameters.value(QStringLiteral("name")), QStringLiteral("worker-watchdog"));
    }

    void everyRouteHasItsRoles_data() {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < std::size(expected); ++i)
            QTest::addRow("%s %s", expected[i].method, expected[i].path) << static_cast<int>(i);
    }
    void everyRouteHasItsRoles() {
        QFETCH(int, index);
        const Expected& row = expected[index];
        const RouteMatch match =
            matchRoute(routeTable(), row.method, QString::fromLatin1(row.path));
        QVERIFY(match.route);
        const QByteArray roles = row.roles;
        for (const Role role :
             {Role::Metrics, Role::Worker, Role::Viewer, Role::Operator, Role::Admin}) {
            const bool may =
                roles == "anybody" || roles.split(' ').contains(toString(role).toLatin1());
            QVERIFY2(suffices(role, match.route->need) == may, qPrintable(toString(role)));
        }
    }

    void noRouteIsForgottenAbove() {
        QSet<const Route*> seen;
        for (const Expected& row : expected)
            seen.insert(matchRoute(routeTable(), row.method, QString::fromLatin1(row.path)).route);
        QCOMPARE(seen.size(), static_cast<qsizetype>(routeTable().size()));
    }
};

QTEST_GUILESS_MAIN(TestRoute)
#include "tst_route.moc"
