// Holds resources/openapi/vigie.yaml to a running daemon. See the head of that file for how to
// document a new route.

#include "core/model/heartbeatfields.h"
#include "core/model/instancefields.h"
#include "core/orchestrator/api/route.h"
#include "tests/core/orchestrator/daemon/daemonfixture.h"
#include "tests/support/openapi.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace vigie;

namespace {

QString roleWord(Need need) {
    switch (need) {
    case Need::Nobody:
        return QStringLiteral("none");
    case Need::Metrics:
        return QStringLiteral("metrics");
    case Need::Viewer:
        return QStringLiteral("viewer");
    case Need::Operator:
        return QStringLiteral("operator");
    case Need::Admin:
        return QStringLiteral("admin");
    case Need::Worker:
        return QStringLiteral("worker");
    }
    return {};
}

/// A test's own list of what it found, one a line.
QByteArray lines(const QStringList& list) {
    return (QLatin1String("\n  ") + list.join(QLatin1String("\n  "))).toUtf8();
}

} // namespace

class TestOpenApi : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_daemon = std::make_unique<DaemonFixture>(m_folder.path());
        const HttpReply reply = m_daemon->call("GET", QStringLiteral("/openapi.json"));
        QCOMPARE(reply.status, 200);
        m_api = std::make_unique<OpenApi>(reply.body);
        const QJsonObject root = QJsonDocument::fromJson(reply.body).object();
        QCOMPARE(root.value(QLatin1String("openapi")).toString(), QStringLiteral("3.1.0"));
        QCOMPARE(
            root.value(QLatin1String("info")).toObject().value(QLatin1String("version")).toString(),
            QStringLiteral(VIGIE_VERSION));
    }
    void cleanupTestCase() { m_daemon.reset(); }

    void needsNoToken() {
        HttpRequest request;
        request.url = QUrl(m_daemon->listening.url.toString() + QStringLiteral("/openapi.json"));
        const auto reply = *await(m_daemon->http.send(std::move(request), {}));
        QVERIFY(reply && reply->status == 200);
    }

    void everyRouteIsInTheDocumentAndTheReverse() {
        QStringList served;
        for (const Route& route : routeTable())
            served.append(QString::fromLatin1("%1 %2 (%3)")
                              .arg(QLatin1String(route.method), QLatin1String(route.path),
                                   roleWord(route.need)));
        QStringList documented;
        for (const OpenApi::Operation& each : m_api->operations()) {
            documented.append(QStringLiteral("%1 (%2)").arg(each.name(), each.role));
            const bool open = each.fields.value(QLatin1String("security")).isArray();
            QVERIFY2(open == (each.role == QLatin1String("none")), qPrintable(each.name()));
        }
        QStringList missing;
        for (const QString& each : served) {
            if (!documented.contains(each))
                missing.append(QStringLiteral("not in vigie.yaml: ") + each);
        }
        for (const QString& each : documented) {
            if (!served.contains(each))
                missing.append(QStringLiteral("not served: ") + each);
        }
        QVERIFY2(missing.isEmpty(), lines(missing).constData());
        QVERIFY(documented.size() > 20);
    }

    // Each call with the document's own examples, on a fleet with one instance that is ready.
    void realAnswersFitTheirSchemas() {
        const QString ready = m_daemon->deploy();
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->status(ready), QStringLiteral("ready"), 20'000);
        const auto hasBeats = [&] {
            return m_daemon->get(QStringLiteral("/instances/") + ready)
                .object()
                .value(QLatin1String("assessment"))
                .isObject();
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasBeats(), 20'000);

        std::vector<const OpenApi::Operation*> order;
        for (const OpenApi::Operation& each : m_api->operations())
            order.push_back(&each);
        std::ranges::stable_partition(order,
                                      [](const auto* each) { return each->method == "GET"; });
        QStringList wrong;
        for (const OpenApi::Operation* each : order) {
            if (each->role == QLatin1String("worker") || livesElsewhere(*each))
                continue;
            QString missing;
            const auto call = each->exampleCall(ready, missing);
            if (!call) {
                wrong.append(QStringLiteral("%1: vigie.yaml has no example for the parameter %2")
                                 .arg(each->name(), missing));
                continue;
            }
            const HttpReply reply = m_daemon->call(each->method, *call, each->exampleBody());
            const int expected = each->exampleStatus();
            const bool asExpected =
                expected > 0 ? reply.status == expected : reply.status >= 200 && reply.status < 300;
            if (!asExpected)
                wrong.append(QStringLiteral("%1: answered %2 to the document's example (%3): %4")
                                 .arg(each->name())
                                 .arg(reply.status)
                                 .arg(*call, QString::fromUtf8(reply.body.left(300))));
            wrong += mistakesOf(*each, reply);
        }
        QVERIFY2(wrong.isEmpty(), lines(wrong).constData());
    }

    // Actions need the right state first.
    void aLifeFitsItsSchemas() {
        // The document's own example has made the provider slow and wrong.
        const HttpReply calm = m_daemon->call("POST", QStringLiteral("/admin/mock"),
                                              "{\"error_rate\":0,\"latency_s\":0.05}");
        QCOMPARE(calm.status, 200);
        const QString id = m_daemon->deploy();
        const QString path = QStringLiteral("/instances/") + id;
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->status(id), QStringLiteral("ready"), 20'000);
        act("POST", "/instances/{id}/reinstall", id, 202);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->status(id), QStringLiteral("ready"), 20'000);
        act("PUT", "/instances/{id}/archive", id, 400);
        const QByteArray hold =
            "{\"action\":\"hold\",\"reason\":\"a look\",\"ids\":[\"" + id.toUtf8() + "\"]}";
        const HttpReply started = m_daemon->call("POST", QStringLiteral("/actions"), hold);
        QCOMPARE(started.status, 202);
        const QString operation = QJsonDocument::fromJson(started.body)
                                      .object()
                                      .value(QLatin1String("operation_id"))
                                      .toString();
        const auto held = [&] {
            return m_daemon->get(path).object().value(QLatin1String("held")).isObject();
        };
        QTRY_VERIFY_WITH_TIMEOUT(held(), 10'000);
        act("GET", "/actions/{id}", operation, 200);
        act("GET", "/actions", id, 200);
        act("DELETE", "/instances/{id}", id, 409); // by the guard "hold"
        QCOMPARE(m_daemon
                     ->call("POST", QStringLiteral("/actions"),
                            QByteArray(hold).replace("hold", "release"))
                     .status,
                 202);
        QTRY_VERIFY_WITH_TIMEOUT(!held(), 10'000);
        act("DELETE", "/instances/{id}", id, 202);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->status(id), QStringLiteral("terminated"), 20'000);
        act("GET", "/instances/{id}", id, 200);
        act("DELETE", "/instances/{id}", id, 200);
        act("POST", "/instances/{id}/reinstall", id, 400);
        act("PUT", "/instances/{id}/archive", id, 200);
        act("GET", "/instances/{id}/history", id, 200);
        act("GET", "/instances/{id}", newUuid(), 404);
        act("GET", "/fleet", id, 200);
        act("GET", "/action_logs", id, 200);
    }

    // What the dashboard reads off the wire, by the names in its codecs.
    void everyFieldThatTheDashboardReadsIsMapped() {
        QSet<QString> read;
        for (const InstanceField& field : instanceFields())
            read.insert(QString::fromUtf8(field.name.data(), qsizetype(field.name.size())));
        const auto take = [&read](const auto& fields) {
            for (const auto& field : fields)
                read.insert(QString::fromUtf8(field.name.data(), qsizetype(field.name.size())));
        };
        take(gpuFields);
        take(systemFields);
        take(queueFields);
        static const QRegularExpression member(QStringLiteral("\\[\\\"([a-z][a-z0-9_]*)\\\"\\]"));
        const QDir root(QStringLiteral(VIGIE_SOURCE_DIR));
        int files = 0;
        for (const char* folder : {"core/model", "core/sources/orchestrator"}) {
            QDirIterator it(root.filePath(QLatin1String(folder)), {QStringLiteral("*codec.cpp")},
                            QDir::Files);
            while (it.hasNext()) {
                QFile file(it.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                ++files;
                auto matches = member.globalMatch(QString::fromUtf8(file.readAll()));
                while (matches.hasNext())
                    read.insert(matches.next().captured(1));
            }
        }
        QVERIFY(files > 5 && read.size() > 100);
        // Names that other orchestrators use, of sessions and of versions.
        const QSet<QString> foreign{QStringLiteral("session"), QStringLiteral("data"),
                                    QStringLiteral("detail"), QStringLiteral("api_version")};
        QStringList missing;
        const QSet<QString> documented = m_api->properties();
        for (const QString& name : std::as_const(read)) {
            if (!documented.contains(name) && !foreign.contains(name))
                missing.append(name);
        }
        QVERIFY2(missing.isEmpty(), lines(missing).constData());
    }

private:
    /// What aLifeFitsItsSchemas() does in the right order.
    static bool livesElsewhere(const OpenApi::Operation& each) {
        static const QStringList names{QStringLiteral("DELETE /instances/{id}"),
                                       QStringLiteral("POST /instances/{id}/reinstall"),
                                       QStringLiteral("PUT /instances/{id}/archive"),
                                       // never ends; tst_eventstream
                                       QStringLiteral("GET /events/stream")};
        return names.contains(each.name());
    }
    QStringList mistakesOf(const OpenApi::Operation& operation, const HttpReply& reply) const {
        QStringList named;
        for (const QString& each :
             m_api->mistakes(operation, reply.status, reply.header("Content-Type"), reply.body))
            named.append(operation.name() + QLatin1String(": ") + each);
        return named;
    }
    void act(const QByteArray& method, const char* path, QString id, int status) {
        const auto& all = m_api->operations();
        const auto operation = std::ranges::find_if(all, [&](const OpenApi::Operation& each) {
            return each.method == method && each.path == QLatin1String(path);
        });
        QVERIFY(operation != all.end());
        const QString place = QString::fromLatin1(path).replace(QLatin1String("{id}"), id);
        const HttpReply reply = m_daemon->call(method, place);
        QVERIFY2(reply.status == status, reply.body.constData());
        const QStringList wrong = mistakesOf(*operation, reply);
        QVERIFY2(wrong.isEmpty(), lines(wrong).constData());
    }

    QTemporaryDir m_folder;
    std::unique_ptr<DaemonFixture> m_daemon;
    std::unique_ptr<OpenApi> m_api;
};

QTEST_GUILESS_MAIN(TestOpenApi)
#include "tst_openapi.moc"
