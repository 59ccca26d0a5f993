#include "tests/core/orchestrator/api/apifixture.h"

#include <QTest>

using namespace vigie;

class TestApiInstances : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The price counts while there is a machine, whatever the state.
    void costIsASumOverTheTimeWithAMachine() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const auto cost = [&] {
            return api.get(ApiFixture::at(id)).object().value(QLatin1String("total_cost"));
        };
        const double price =
            api.get(ApiFixture::at(id)).object().value(QLatin1String("cost_per_hour")).toDouble();
        QVERIFY(price > 0);
        api.clock.advance(std::chrono::hours(1));
        QVERIFY(cost().isNull()); // nobody has given us a machine yet
        api.boot(id);
        api.clock.advance(std::chrono::minutes(30));
        api.move(id, TransitionCause::AgentSeen);
        api.clock.advance(std::chrono::minutes(90));
        QVERIFY(qAbs(cost().toDouble() - 2 * price) < 1e-9);
        api.move(id, TransitionCause::TerminateAsked);
        api.clock.advance(std::chrono::minutes(60));
        api.move(id, TransitionCause::ProviderProvedAbsent);
        const double atTheEnd = cost().toDouble();
        QVERIFY(qAbs(atTheEnd - 3 * price) < 1e-9);
        api.clock.advance(std::chrono::hours(24));
        QCOMPARE(cost().toDouble(), atTheEnd);
    }

    void catalogueAndCounts() {
        ApiFixture api;
        const QJsonObject catalog = api.get(QStringLiteral("/catalog")).object();
        QCOMPARE(catalog.value(QLatin1String("provider_code")).toString(), QStringLiteral("fake"));
        QVERIFY(!catalog.value(QLatin1String("zones")).toArray().isEmpty());
        QVERIFY(catalog.value(QLatin1String("instance_types"))
                    .toArray()
                    .first()
                    .toObject()
                    .value(QLatin1String("cost_per_hour"))
                    .toDouble() > 0);
        const auto machines = [&] {
            return api.get(QStringLiteral("/admin/status"))
                .object()
                .value(QLatin1String("cloud_instances_count"))
                .toInt();
        };
        const InstanceId id = api.deploy();
        QCOMPARE(machines(), 0);
        api.boot(id);
        QCOMPARE(machines(), 1);
    }

    // Never to an address that a worker told of itself.
    void logsAreAskedOnlyWhereTheProviderSays() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        const QString path = ApiFixture::at(id, "/logs");
        QCOMPARE(api.get(path).status, 409);
        api.boot(id);
        api.provider.byId[ApiFixture::machine].machine.address =
            QStringLiteral("169.254.169.254"); // where clouds keep secrets
        QCOMPARE(api.get(path).status, 400);
        api.provider.byId[ApiFixture::machine].machine.address = QStringLiteral("127.0.0.1:1");
        const Answer silent = api.get(path);
        QCOMPARE(silent.status, 502);
        QCOMPARE(silent.error(), QStringLiteral("worker_unreachable"));
        QCOMPARE(api.get(path + QStringLiteral("?since=yesterday")).status, 400);
        QCOMPARE(api.get(path + QStringLiteral("?tail=0")).status, 400);
    }

    void deploys() {
        ApiFixture api;
        const Answer answer = api.post(
            QStringLiteral("/deployments"), ApiFixture::deployment, QStringLiteral("operator"),
            {{"X-Vigie-Reason", "more%20load%20%C3%A9"}, {"X-Correlation-Id", "corr-1"}});
        QCOMPARE(answer.status, 202);
        QCOMPARE(answer.text("status"), QStringLiteral("accepted"));
        const InstanceId id(answer.text("instance_id"));
        const Answer one = api.get(ApiFixture::at(id));
        QCOMPARE(one.status, 200);
        QCOMPARE(one.text("status"), QStringLiteral("provisioning"));
        QCOMPARE(one.text("provider_name"), QStringLiteral("fake"));
        QCOMPARE(one.text("zone"), QStringLiteral("zone-1"));
        QCOMPARE(one.text("region"), QStringLiteral("region-1"));
        QCOMPARE(one.text("instance_type"), QStringLiteral("small"));
        QCOMPARE(one.text("pool"), QStringLiteral("fake/zone-1/m"));
        QCOMPARE(one.object().value(QLatin1String("progress_percent")).toInt(), 5);
        QCOMPARE(one.object().value(QLatin1String("cost_per_hour")).toDouble(), 0.1);
        QVERIFY(one.object().value(QLatin1String("storages")).isArray());
        for (const char* field : {"provider_id", "zone_id", "instance_type_id"})
            QVERIFY(!QUuid::fromString(one.text(field)).isNull());

        const QJsonArray log =
            api.get(QStringLiteral("/action_logs?correlation_id=corr-1")).array();
        QCOMPARE(log.size(), 1);
        const QJsonObject entry = log.first().toObject();
        QCOMPARE(entry.value(QLatin1String("action_type")).toString(),
                 QStringLiteral("REQUEST_CREATE"));
        QCOMPARE(entry.value(QLatin1String("user_id")).toString(), QStringLiteral("operator"));
        QCOMPARE(entry.value(QLatin1String("component")).toString(), QStringLiteral("api"));
        QVERIFY(QJsonDocument(entry).toJson().contains("more load \xc3\xa9"));

        const QJsonArray history = api.get(ApiFixture::at(id, "/history")).array();
        QCOMPARE(history.size(), 1);
        QCOMPARE(history.first().toObject().value(QLatin1String("to_status")).toString(),
                 QStringLiteral("provisioning"));
    }

    void refusesDeployments_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* from, const char* to, int status,
                            const char* error, const char* says) {
            QByteArray body = ApiFixture::deployment;
            QTest::newRow(name) << body.replace(from, to) << status << QString::fromLatin1(error)
                                << QString::fromLatin1(says);
        };
        row("provider", "fake", "scaleway", 404, "provider_not_found", "\"fake\"");
        row("zone", "zone-1", "mars", 400, "unknown_zone", "zone-1");
        row("type", "small", "huge", 400, "unknown_instance_type", "small");
        row("model", "\"m\"", "7", 400, "invalid_request", "model_id");
        row("missing", "\"zone\"", "\"zones\"", 400, "invalid_request", "\"zone\" is missing");
        row("no json", "{", "", 400, "invalid_request", "line 1, column");
    }
    void refusesDeployments() {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, error);
        QFETCH(QString, says);
        ApiFixture api;
        const Answer answer =
            api.post(QStringLiteral("/deployments"), body, QStringLiteral("operator"));
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.error(), error);
        QVERIFY2(answer.text("message").contains(says), answer.body.constData());
        QVERIFY(api.plane.ids().empty());
    }

    void refusesNothingThatItDoesNotKnow() {
        ApiFixture api;
        api.provider.catalogueRead = false;
        const Answer early = api.post(QStringLiteral("/deployments"), ApiFixture::deployment,
                                      QStringLiteral("operator"));
        QCOMPARE(early.status, 503);
        QCOMPARE(early.error(), QStringLiteral("catalog_not_read"));
        QVERIFY(api.plane.ids().empty());
    }

    void lists() {
        ApiFixture api;
        QCOMPARE(api.get(QStringLiteral("/instances")).body, QByteArray("[]"));
        const InstanceId kept = api.deploy();
        const InstanceId old = api.deploy();
        api.move(old, TransitionCause::TerminateAsked);
        api.move(old, TransitionCause::ProviderConfirmedGone);
        api.move(old, TransitionCause::ArchiveAsked);
        const auto ids = [&](const char* query) {
            QStringList found;
            for (const QJsonValue& row : api.get(QLatin1String(query)).array())
                found.append(row.toObject().value(QLatin1String("id")).toString());
            return found;
        };
        QCOMPARE(ids("/instances"), QStringList{kept.value()});
        QCOMPARE(ids("/instances?archived=false"), QStringList{kept.value()});
        QCOMPARE(ids("/instances?archived=true"), QStringList{old.value()});
    }

    void searches() {
        ApiFixture api;
        QStringList ids;
        for (int i = 0; i < 5; ++i) {
            ids.append(api.deploy().value());
            api.clock.advance(std::chrono::seconds(1));
        }
        const Answer page = api.get(
            QStringLiteral("/instances/search?offset=1&limit=2&sort_by=created_at&sort_dir=asc"));
        QCOMPARE(page.status, 200);
        QCOMPARE(page.object().value(QLatin1String("total_count")).toInt(), 5);
        QCOMPARE(page.object().value(QLatin1String("filtered_count")).toInt(), 5);
        const QJsonArray rows = page.object().value(QLatin1String("rows")).toArray();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.at(0).toObject().value(QLatin1String("id")).toString(), ids.at(1));
        QCOMPARE(rows.at(1).toObject().value(QLatin1String("id")).toString(), ids.at(2));
        const Answer beyond = api.get(QStringLiteral("/instances/search?offset=99"));
        QVERIFY(beyond.object().value(QLatin1String("rows")).toArray().isEmpty());
    }

    // By the cost that is shown, which grows while nothing changes.
    void sortsByTheCostUntilNow() {
        ApiFixture api;
        const InstanceId old = api.deploy();
        api.boot(old);
        api.clock.advance(std::chrono::hours(10));
        const InstanceId fresh = api.deploy();
        api.boot(fresh);
        api.clock.advance(std::chrono::minutes(30));
        api.move(fresh, TransitionCause::AgentSeen); // its cost so far is written down
        const QJsonArray rows =
            api.get(QStringLiteral("/instances/search?sort_by=total_cost&sort_dir=desc"))
                .object()
                .value(QLatin1String("rows"))
                .toArray();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.at(0).toObject().value(QLatin1String("id")).toString(), old.value());
    }

    void badInput_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("error");
        const auto row = [](const QString& path, int status, const char* error) {
            QTest::newRow(qPrintable(path)) << path << status << QString::fromLatin1(error);
        };
        const QString unknown = QStringLiteral("00000000-0000-4000-8000-000000000000");
        for (const char* more : {"", "/history", "/heartbeats", "/metrics"}) {
            row(QStringLiteral("/instances/not-a-uuid") + QLatin1String(more), 400,
                "invalid_request");
            row(QStringLiteral("/instances/") + unknown + QLatin1String(more), 404,
                "instance_not_found");
        }
        for (const char* query :
             {"limit=0", "limit=501", "limit=x", "offset=-1", "sort_by=colour", "sort_dir=up",
              "archived=maybe", "limit=1e3", "offset=99999999999"})
            row(QStringLiteral("/instances/search?") + QLatin1String(query), 400,
                "invalid_request");
        for (const char* query :
             {"limit=1001", "limit=0", "status=done", "component=me", "instance_id=5",
              "action_type=request_create", "instance_id=00000000-0000-4000-8000-000000000000-junk",
              "instance_id={00000000-0000-4000-8000-000000000000}"})
            row(QStringLiteral("/action_logs?") + QLatin1String(query), 400, "invalid_request");
        row(QStringLiteral("/action_logs/search?limit=501"), 400, "invalid_request");
        row(QStringLiteral("/action_logs/search?include_stats=yes"), 400, "invalid_request");
        row(QStringLiteral("/fleet?wait=-1"), 400, "invalid_request");
        row(QStringLiteral("/fleet?wait=61"), 400, "invalid_request");
        row(QStringLiteral("/metrics?format=xml"), 400, "invalid_request");
        row(QStringLiteral("/instances?archived=2"), 400, "invalid_request");
    }
    void badInput() {
        QFETCH(QString, path);
        QFETCH(int, status);
        QFETCH(QString, error);
        ApiFixture api;
        const Answer answer = api.get(path);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.error(), error);
        QVERIFY(!answer.text("message").isEmpty());
    }

    void upperCaseIdsAreTheSame() {
        ApiFixture api;
        const InstanceId id = api.deploy();
        QCOMPARE(api.get(QStringLiteral("/instances/") + id.value().toUpper()).status, 200);
    }

    void actionLogPages() {
        ApiFixture api;
        for (int i = 0; i < 5; ++i) {
            api.deploy();
            api.clock.advance(std::chrono::seconds(1));
        }
        const QJsonArray all = api.get(QStringLiteral("/action_logs?limit=1000")).array();
        QCOMPARE(all.size(), 5);
        const auto search = [&](const char* query) {
            return api.get(QStringLiteral("/action_logs/search?") + QLatin1String(query)).object();
        };
        const QJsonObject page = search("offset=1&limit=2&include_stats=true&status=success");
        QCOMPARE(page.value(QLatin1String("total_count")).toInt(), 5);
        QCOMPARE(page.value(QLatin1String("filtered_count")).toInt(), 5);
        QCOMPARE(page.value(QLatin1String("rows")).toArray().at(0), all.at(1));
        QCOMPARE(page.value(QLatin1String("status_counts"))
                     .toObject()
                     .value(QLatin1String("success"))
                     .toInt(),
                 5);
        QVERIFY(!search("limit=1").contains(QLatin1String("status_counts")));
        const QJsonArray oldest =
            search("offset=1&limit=2&sort_dir=asc").value(QLatin1String("rows")).toArray();
        QCOMPARE(oldest.size(), 2);
        QCOMPARE(oldest.at(0), all.at(3));
        QCOMPARE(oldest.at(1), all.at(2));
        QVERIFY(search("offset=9&sort_dir=asc").value(QLatin1String("rows")).toArray().isEmpty());
        QCOMPARE(search("status=failed").value(QLatin1String("filtered_count")).toInt(), 0);
    }

    void tellsActionTypes() {
        ApiFixture api;
        const QJsonArray types = api.get(QStringLiteral("/action_types")).array();
        QCOMPARE(types.size(), 73);
        QCOMPARE(types.first().toObject().value(QLatin1String("code")).toString(),
                 QStringLiteral("REQUEST_CREATE"));
    }

    void metricsInBothForms() {
        ApiFixture api;
        api.deploy();
        const Answer text = api.get(QStringLiteral("/metrics"), QStringLiteral("metrics"));
        QVERIFY(text.body.contains("vigie_instances{status=\"provisioning\"} 1"));
        QVERIFY(text.body.contains("vigie_http_requests_total{method=\"POST\","
                                   "route=\"/deployments\",status=\"202\"} 1"));
        QVERIFY(text.body.contains("vigie_store_commits_total{outcome=\"committed\"}"));
        const Answer json = api.get(QStringLiteral("/metrics?format=json"));
        QVERIFY(!json.array().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestApiInstances)
#include "tst_apiinstances.moc"
