#include "tests/core/sources/sourcebench.h"
#include "tests/support/faultyserver.h"

#include <QTest>
#include <QUrlQuery>

using namespace vigie;
using namespace vigie::test;
using namespace std::chrono_literals;

namespace {

/// Answers of an orchestrator of ours, path by path, as the test sets them.
struct PartB {
    FaultyServer server;
    std::map<QByteArray, Fault> answers;

    PartB() {
        answers["/circuit_breakers"] = faults::json(200, "[]");
        answers["/action_logs"] = faults::json(200, "[]");
        answers["/version"] = faults::json(200, "{\"name\":\"vigied\",\"version\":\"1.2\"}");
        answers["/whoami"] = faults::json(200, "{\"actor\":\"ada\",\"role\":\"operator\"}");
        answers["/metrics"] = faults::answer(200, "# TYPE x counter\nx 1\n",
                                             {{"Content-Type", "text/plain; version=0.0.4"}});
        server.setScript([this](const FaultyRequest& request) {
            const auto found = answers.find(request.target.split('?').first());
            return found == answers.end() ? faults::json(404, "{\"error\":\"not_found\"}")
                                          : found->second;
        });
    }
    void fleet(const QByteArray& json) { answers["/fleet"] = faults::json(200, json); }
    QByteArray lastTarget(const QByteArray& path) const {
        QByteArray last;
        for (const FaultyRequest& request : server.requests()) {
            if (request.target.split('?').first() == path)
                last = request.target;
        }
        return last;
    }
    int count(const QByteArray& path) const {
        return static_cast<int>(
            std::ranges::count_if(server.requests(), [&](const FaultyRequest& request) {
                return request.target.split('?').first() == path;
            }));
    }
    SourceConfig config() const { return SourceBench::at(server.url(QString())); }
};

QByteArray row(const QByteArray& id, const QByteArray& status, const QByteArray& more = {}) {
    return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\"" + more + "}";
}

QByteArray envelope(const QByteArray& cursor, bool full, const QByteArrayList& rows,
                    const QByteArray& more = {}) {
    return "{\"cursor\":\"" + cursor +
           "\",\"server_time\":\"2026-11-01T00:00:00Z\",\"full\":" + (full ? "true" : "false") +
           ",\"instances\":[" + rows.join(',') + "]" + more + "}";
}

QStringList shown(const SourceReading& reading) {
    QStringList all;
    for (const auto& instance : *reading.instances)
        all << instance->id.value() + QLatin1Char(':') + instance->statusText;
    return all;
}

} // namespace

class TestPartB : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deltasAreApplied() {
        PartB world;
        SourceBench bench(world.config());
        world.fleet(envelope("e1-7", true, {row("a", "ready"), row("b", "booting")}));
        auto reading = bench.poll();
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message));
        QCOMPARE(shown(*reading),
                 (QStringList{QStringLiteral("a:ready"), QStringLiteral("b:booting")}));
        const auto unchanged = reading->instances->at(0);
        QCOMPARE(world.lastTarget("/fleet"), QByteArray("/fleet"));

        world.fleet(envelope("e1-9", false, {row("b", "ready"), row("c", "booting")}));
        reading = bench.poll();
        QCOMPARE(world.lastTarget("/fleet"), QByteArray("/fleet?since=e1-7"));
        QCOMPARE(shown(*reading), (QStringList{QStringLiteral("a:ready"), QStringLiteral("b:ready"),
                                               QStringLiteral("c:booting")}));
        QCOMPARE(reading->instances->at(0).get(), unchanged.get());

        world.fleet(envelope("e1-10", false, {}, ",\"removed\":[\"a\",\"zz\"]"));
        reading = bench.poll();
        QCOMPARE(shown(*reading),
                 (QStringList{QStringLiteral("b:ready"), QStringLiteral("c:booting")}));

        world.fleet(envelope("e2-1", true, {row("n", "ready")})); // another epoch: all anew
        reading = bench.poll();
        QCOMPARE(shown(*reading), QStringList{QStringLiteral("n:ready")});
    }

    void aCursorIsEscaped() {
        PartB world;
        SourceBench bench(world.config());
        world.fleet(envelope("a+b&c=d/é", true, {row("a", "ready")}));
        QVERIFY(bench.poll());
        QVERIFY(bench.poll());
        QCOMPARE(world.lastTarget("/fleet"), QByteArray("/fleet?since=a%2Bb%26c%3Dd%2F%C3%A9"));
    }

    void aRefusedCursorIsDropped() {
        PartB world;
        SourceBench bench(world.config());
        world.fleet(envelope("old", true, {row("a", "ready")}));
        QVERIFY(bench.poll());
        world.server.setScript([&world](const FaultyRequest& request) {
            if (request.target.startsWith("/fleet?"))
                return faults::json(400, "{\"error\":\"unknown_cursor\"}");
            if (request.target == "/fleet")
                return faults::json(200, envelope("new", true, {row("b", "ready")}));
            return world.answers[request.target.split('?').first()];
        });
        const auto reading = bench.poll();
        QVERIFY(reading);
        QCOMPARE(shown(*reading), QStringList{QStringLiteral("b:ready")});
    }

    void aBrokenDeltaIsMadeUpFor() {
        PartB world;
        SourceBench bench(world.config());
        world.fleet(envelope("1", true, {row("a", "ready")}));
        QVERIFY(bench.poll());
        world.fleet("{\"cursor\":\"2\",\"instances\":[{\"id\":");
        QVERIFY(!bench.poll());
        world.fleet(envelope("3", true, {row("b", "ready")}));
        QVERIFY(bench.poll());
        QCOMPARE(world.lastTarget("/fleet"), QByteArray("/fleet")); // whole, without a cursor
    }

    void notModified() {
        PartB world;
        SourceBench bench(world.config());
        world.fleet(envelope("1", true, {row("a", "ready")}));
        QVERIFY(bench.poll());
        world.answers["/fleet"] = faults::answer(304);
        const auto reading = bench.poll();
        QVERIFY(reading);
        QCOMPARE(reading->instances->size(), 1u);
    }

    void whatItTellsBesides() {
        PartB world;
        world.fleet(envelope("1", true,
                             {row("a", "ready",
                                  ",\"assessment\":{\"verdict\":\"dead\","
                                  "\"rule\":\"silent-probe-failing\"}")}));
        world.answers["/circuit_breakers"] = faults::json(
            200, "[{\"name\":\"provider:z1\",\"computed_state\":\"open\",\"effective_state\":"
                 "\"open\"}]");
        world.answers["/metrics"] = faults::answer(
            200,
            "# TYPE vigie_health_check_duration_seconds histogram\n"
            "vigie_health_check_duration_seconds_bucket{le=\"0.1\"} 3\n"
            "vigie_health_check_duration_seconds_bucket{le=\"+Inf\"} 4\n"
            "vigie_health_check_duration_seconds_sum 0.5\n"
            "vigie_health_check_duration_seconds_count 4\n"
            "# TYPE go_gc_seconds histogram\n"
            "go_gc_seconds_bucket{le=\"+Inf\"} 4\ngo_gc_seconds_sum 1\ngo_gc_seconds_count 4\n",
            {{"Content-Type", "text/plain; version=0.0.4"}});
        SourceBench bench(world.config());
        const auto reading = bench.poll();
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message));
        QVERIFY(reading->capabilities.assessments && reading->capabilities.history &&
                reading->capabilities.breakers && reading->capabilities.actions);
        QVERIFY(reading->instances->at(0)->assessment->verdict == Verdict::Dead);
        QCOMPARE(reading->breakers->size(), 1u);
        QCOMPARE(reading->actor, QStringLiteral("ada"));
        QCOMPARE(reading->role, QStringLiteral("operator"));
        QCOMPARE(reading->version, QStringLiteral("vigied 1.2"));
        QCOMPARE(reading->latencies.size(), 1u);
        QCOMPARE(reading->latencies[0].name, QStringLiteral("health_check"));
        QVERIFY(qFuzzyCompare(reading->latencies[0].foreign->count, 4));
        QVERIFY(reading->notices.empty());
        const Duration offset = *reading->serverTime - bench.clock.wallNow();
        const WallTime told{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};
        QVERIFY(std::chrono::abs(offset - (told - bench.clock.wallNow())) < 2s);
    }

    void sidesThatFailAreNotices() {
        PartB world;
        world.fleet(envelope("1", true, {row("a", "ready")}));
        world.answers["/circuit_breakers"] = faults::json(503, "{\"error\":\"store\"}");
        world.answers["/action_logs"] = faults::json(200, "{\"half\":");
        world.answers["/metrics"] = faults::json(403, "{\"error\":\"forbidden\"}");
        world.answers.erase("/whoami");
        SourceBench bench(world.config());
        const auto reading = bench.poll();
        QVERIFY(reading);
        QVERIFY(has(reading->notices, QStringLiteral("circuit breakers could not be read")));
        QVERIFY(has(reading->notices, QStringLiteral("action log could not be read")));
        QVERIFY(has(reading->notices, QStringLiteral("metrics could not be read")));
        QVERIFY(!reading->breakers);
    }

    void theLogIsReadWholeOnceThenItsEnd() {
        PartB world;
        world.fleet(envelope("1", true, {row("a", "ready")}));
        SourceBench bench(world.config());
        QVERIFY(bench.poll());
        QCOMPARE(world.lastTarget("/action_logs"), QByteArray("/action_logs?limit=1000"));
        QVERIFY(bench.poll());
        QCOMPARE(world.lastTarget("/action_logs"), QByteArray("/action_logs?limit=200"));
        QCOMPARE(world.count("/whoami"), 1);
        QCOMPARE(world.count("/metrics"), 1);
        world.fleet("");
        QVERIFY(!bench.poll());
        world.fleet(envelope("2", true, {row("a", "ready")}));
        QVERIFY(bench.poll());
        QCOMPARE(world.lastTarget("/action_logs"), QByteArray("/action_logs?limit=1000"));
        QCOMPARE(world.count("/whoami"), 2);
    }

    void rowsThatCannotBeReadAreCounted() {
        PartB world;
        world.fleet(envelope("1", true, {row("a", "ready"), "{\"no\":\"id\"}", "17"}));
        SourceBench bench(world.config());
        const auto reading = bench.poll();
        QVERIFY(reading);
        QCOMPARE(reading->instances->size(), 1u);
        QVERIFY(has(reading->notices, QStringLiteral("2 rows of /fleet could not be read")));
    }

    void inspectionHasHistory() {
        PartB world;
        world.fleet(envelope("1", true, {row("a", "ready")}));
        world.answers["/instances/a"] = faults::json(200, row("a", "ready", ",\"storages\":[]"));
        world.answers["/instances/a/history"] = faults::json(
            200, "[{\"id\":\"h\",\"instance_id\":\"a\",\"from_status\":\"booting\",\"to_status\":"
                 "\"ready\",\"created_at\":\"2026-11-01T00:00:00Z\"}]");
        SourceBench bench(world.config());
        QVERIFY(bench.poll());
        const auto seen = bench.inspect(QStringLiteral("a"));
        QVERIFY2(seen, qPrintable(seen ? QString() : seen.error().message));
        QCOMPARE(seen->history.size(), 1u);
        QVERIFY(seen->notices.isEmpty());
        QCOMPARE(QUrlQuery(QUrl::fromEncoded(world.lastTarget("/action_logs")))
                     .queryItemValue(QStringLiteral("instance_id")),
                 QStringLiteral("a"));
    }

    void aLostAnswerIsSentAgainUnderItsKey() {
        PartB world;
        world.fleet(envelope("1", true, {row("a", "ready")}));
        EndpointOptions retrying = SourceBench::once();
        retrying.maxAttempts = 3;
        retrying.firstDelay = 1ms;
        SourceBench bench(world.config(), retrying);
        QVERIFY(bench.poll());
        int tries = 0;
        QSet<QByteArray> keys;
        world.server.setScript([&](const FaultyRequest& request) {
            keys.insert(request.header("Idempotency-Key"));
            return ++tries < 3 ? faults::closeWithoutAnswer()
                               : faults::json(202, "{\"message\":\"begun\"}");
        });
        const auto done =
            bench.act(Action::Terminate, QStringLiteral("a"), QStringLiteral("why"), "op/a");
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(*done, QStringLiteral("begun"));
        QCOMPARE(tries, 3);
        QCOMPARE(keys, QSet<QByteArray>{"op/a"});
    }

    void aGuardsRefusalIsPassedOn() {
        PartB world;
        world.fleet(envelope("1", true, {row("a", "ready")}));
        world.answers["/instances/a/reinstall"] = faults::json(
            409, "{\"error\":\"blast_radius\",\"message\":\"2 of 5 are in recovery already\"}");
        SourceBench bench(world.config());
        QVERIFY(bench.poll());
        const auto done = bench.act(Action::Reinstall, QStringLiteral("a"));
        QVERIFY(!done && done.error().kind == FailureKind::Conflict);
        QVERIFY(done.error().message.contains(QLatin1String("2 of 5 are in recovery already")));
        QCOMPARE(done.error().code, QStringLiteral("blast_radius"));
    }

    void partBMayComeAndGo() {
        PartB world;
        world.answers["/instances"] = faults::json(200, "[" + row("a", "ready") + "]");
        world.fleet(envelope("1", true, {row("a", "ready"), row("b", "ready")}));
        SourceBench bench(world.config());
        QVERIFY(bench.poll()->capabilities.assessments);
        world.answers["/fleet"] = faults::answer(404, "<html>nope</html>");
        const auto plain = bench.poll();
        QVERIFY(plain && !plain->capabilities.assessments);
        QCOMPARE(plain->instances->size(), 1u);
    }

    void aPathInTheAddressIsKept() {
        PartB world;
        world.answers["/api/v1/fleet"] =
            faults::json(200, envelope("1", true, {row("a", "ready")}));
        SourceBench bench(SourceBench::at(world.server.url(QStringLiteral("/api/v1/"))));
        QVERIFY(bench.poll());
    }

    void theKindIsFoundOut_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("kind");
        QTest::newRow("by its error")
            << QByteArray("/") << 401 << QByteArray("{\"error\":\"unauthorized\"}")
            << QStringLiteral("orchestrator");
        QTest::newRow("by its version")
            << QByteArray("/version") << 200 << QByteArray("{\"version\":\"1\"}")
            << QStringLiteral("orchestrator");
        QTest::newRow("text at the address")
            << QByteArray("/") << 200 << QByteArray("# TYPE a counter\na 1\n")
            << QStringLiteral("prometheus");
        QTest::newRow("text at /metrics")
            << QByteArray("/metrics") << 200 << QByteArray("# HELP a b\n# TYPE a counter\na 1\n")
            << QStringLiteral("prometheus");
    }
    void theKindIsFoundOut() {
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, kind);
        FaultyServer server;
        server.setScript([&](const FaultyRequest& request) {
            if (request.target == path)
                return faults::answer(status, body);
            if (kind == QLatin1String("orchestrator") && request.target == "/fleet")
                return faults::json(200, envelope("1", true, {row("a", "ready")}));
            if (kind == QLatin1String("prometheus") && request.target == "/metrics")
                return faults::answer(200, body);
            return faults::answer(404, "<html>nothing here</html>");
        });
        SourceBench bench(SourceBench::at(server.url(QString()), QString()));
        const auto reading = bench.poll();
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().message));
        QCOMPARE(reading->kind, kind);
    }

    void nothingThatCanBeWatched() {
        FaultyServer server;
        server.setScript([](const FaultyRequest&) {
            return faults::answer(200, "<html>Welcome to nginx!</html>");
        });
        SourceBench bench(SourceBench::at(server.url(QString()), QString()));
        const auto reading = bench.poll();
        QVERIFY(!reading);
        QVERIFY2(reading.error().message.contains(QLatin1String("a web page")),
                 qPrintable(reading.error().message));
        const auto done = bench.act(Action::Terminate, QStringLiteral("a"));
        QVERIFY(!done && done.error().kind == FailureKind::Unsupported);
        server.stop();
        QVERIFY(bench.poll().error().kind == FailureKind::Network);
    }

    void unknownKindsAndAddressesAreRefused() {
        SourceBench kind(
            SourceBench::at(QUrl(QStringLiteral("http://127.0.0.1:1")), QStringLiteral("teapot")));
        QVERIFY(kind.refused && kind.refused->message.contains(QLatin1String("orchestrator")));
        SourceBench address(SourceBench::at(QUrl(QStringLiteral("file:///etc/passwd"))));
        QVERIFY(address.refused);
    }
};

QTEST_GUILESS_MAIN(TestPartB)
#include "tst_partb.moc"
