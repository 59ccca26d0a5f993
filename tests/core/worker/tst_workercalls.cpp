#include "core/base/systemclock.h"
#include "core/worker/workercalls.h"
#include "tests/support/await.h"
#include "tests/support/faultyserver.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestWorkerCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Each call is sent once, however often the ones before it failed.
    void nothingIsRepeatedAndNothingRefused() {
        SystemClock clock;
        HttpClient client(clock);
        FaultyServer server;
        int asked = 0;
        server.setScript([&asked](const FaultyRequest&) {
            ++asked;
            return faults::json(503, "{}");
        });
        WorkerCalls calls(clock, client, "control-plane");
        for (int i = 1; i <= 20; ++i) {
            HttpRequest request;
            request.url = server.url(QStringLiteral("/beat"));
            request.deadline = 5s;
            const auto reply = *await(calls.send(std::move(request), {}));
            QVERIFY(reply && reply->status == 503);
            QCOMPARE(asked, i);
        }
    }

    void aStopEndsACallAtOnce() {
        SystemClock clock;
        HttpClient client(clock);
        FaultyServer server;
        server.setScript([](const FaultyRequest&) { return faults::silence(); });
        WorkerCalls calls(clock, client, "model-server");
        HttpRequest request;
        request.url = server.url(QStringLiteral("/v1/models"));
        request.deadline = 60s;
        std::stop_source stop;
        Task<Outcome<HttpReply>> running = calls.send(std::move(request), stop.get_token());
        stop.request_stop();
        const auto reply = *await(std::move(running));
        QVERIFY(!reply && reply.error().kind == FailureKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestWorkerCalls)
#include "tst_workercalls.moc"
