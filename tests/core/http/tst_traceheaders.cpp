#include "core/http/traceheaders.h"
#include "tests/core/http/clientcall.h"
#include "tests/support/faultyserver.h"

#include <QTest>

using namespace vigie;

namespace {

const QByteArray usual = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

} // namespace

class TestTraceHeaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsARequest() {
        const auto trace = traceOf(
            {{"Traceparent", usual}, {"TraceState", "a=1"}, {"Host", "x"}, {"tracestate", "b=2"}});
        QVERIFY(trace);
        QCOMPARE(QByteArray::fromStdString(trace->traceparent()), usual);
        QCOMPARE(trace->state, std::string("a=1,b=2"));
    }

    void twoParentsAreNone() {
        QVERIFY(!traceOf({}));
        QVERIFY(!traceOf({{"traceparent", usual}, {"traceparent", usual}}));
        QVERIFY(!traceOf({{"traceparent", "nonsense"}}));
    }

    void aCallIsASpanOfItsTrace() {
        HttpRequest request;
        request.trace = traceOf({{"traceparent", usual}, {"tracestate", "a=1"}});
        addTraceHeaders(request);
        const auto sent = traceOf(request.headers);
        QVERIFY(sent);
        QCOMPARE(sent->traceIdText(), request.trace->traceIdText());
        QVERIFY(sent->spanId != request.trace->spanId);
        QVERIFY(sent->sampled());
        QCOMPARE(sent->state, std::string("a=1"));
        addTraceHeaders(request); // again: nothing
        QVERIFY(traceOf(request.headers));
    }

    void onlyWhatChangesSomethingIsSampled() {
        for (const QByteArray method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
            HttpRequest request;
            request.method = method;
            addTraceHeaders(request);
            QCOMPARE(traceOf(request.headers)->sampled(), method != "GET" && method != "HEAD");
        }
    }

    /// On the wire: one traceparent a sending, attempts of one trace told apart by their span.
    void theClientSendsThem() {
        FaultyServer server;
        SystemClock clock;
        HttpClient client(clock);
        HttpRequest request;
        request.url = server.url();
        request.trace = newTrace(true);
        for (int i = 0; i < 2; ++i)
            QVERIFY(finish(client, request));
        request.trace.reset();
        request.headers = {{"traceparent", usual}};
        QVERIFY(finish(client, request));

        QCOMPARE(server.requests().size(), 3);
        const auto first = traceOf(server.requests()[0].headers);
        const auto second = traceOf(server.requests()[1].headers);
        QVERIFY(first && second);
        QVERIFY(first->traceId == second->traceId && first->spanId != second->spanId);
        QCOMPARE(server.requests()[2].header("traceparent"), usual);
    }
};

QTEST_GUILESS_MAIN(TestTraceHeaders)
#include "tst_traceheaders.moc"
