#include "core/model/actionlogcodec.h"
#include "core/model/breakercodec.h"
#include "core/model/errorcodec.h"
#include "core/model/historycodec.h"
#include "core/model/jsonreader.h"
#include "core/model/jsonscalars.h"
#include "core/model/jsonwriter.h"
#include "core/model/volumecodec.h"
#include "tests/support/samplerecords.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// JSON with ' in place of ": moc of Qt 6.4 loses its way in raw strings.
QByteArray json(const char* text) {
    return QByteArray(text).replace('\'', '"');
}

const InstanceId someId(QStringLiteral("i-1"));

} // namespace

/// The small codecs: action log, history, volumes, breakers, errors, and the JSON tools they use.
class TestModelCodecs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void actionLogsReadBack() {
        ActionLog log = openLog(someId, QStringLiteral("l1"));
        log.status = ActionLogStatus::Failed;
        log.errorCode = QStringLiteral("GUARD_BLOCKED");
        log.errorMessage = QStringLiteral("held by ada");
        log.responsePayload = "[1,\"two\"]";
        log.durationMs = 1500;
        log.completedAt = log.createdAt + 1500ms;
        log.instanceStatusAfter = QStringLiteral("failed");
        ActionLog bare;
        bare.id = ActionLogId(QStringLiteral("l2"));
        bare.actionType = QStringLiteral("HEALTH_CHECK");
        bare.requestPayload = "no json {";
        const std::vector<ActionLog> logs{log, bare};

        const auto list = decodeActionLogs(encodeActionLogs(logs));
        QVERIFY(list && list->logs.size() == 2 && !list->counts);
        const ActionLog& read = list->logs[0];
        QVERIFY(read.id == log.id && read.status == log.status && read.instanceId == someId);
        QVERIFY(read.actionType == log.actionType && read.component == log.component);
        QVERIFY(read.errorCode == log.errorCode && read.errorMessage == log.errorMessage);
        QVERIFY(read.userId == log.userId && read.sourceIp == log.sourceIp);
        QVERIFY(read.durationMs == log.durationMs && read.completedAt == log.completedAt);
        QVERIFY(read.createdAt == log.createdAt && read.parentLogId == log.parentLogId);
        QVERIFY(read.correlationId == log.correlationId);
        QVERIFY(read.instanceStatusBefore == log.instanceStatusBefore);
        QVERIFY(read.instanceStatusAfter == log.instanceStatusAfter);
        QCOMPARE(read.requestPayload, log.requestPayload);
        QCOMPARE(read.responsePayload, log.responsePayload);
        QCOMPARE(read.metadata, log.metadata);
        QCOMPARE(list->logs[1].requestPayload, QByteArray("\"no json {\""));

        const ActionLogCounts counts{20, 10, 500, 40, ActionLogCounts::ByStatus{30, 9, 1}};
        const auto page = decodeActionLogs(encodeActionLogPage(counts, logs));
        QVERIFY(page && page->counts && page->counts->byStatus && page->logs.size() == 2);
        QCOMPARE(page->counts->filteredCount, 40);
        QCOMPARE(page->counts->byStatus->failed, 9);
    }

    void actionLogsOfOthers() {
        const auto list = decodeActionLogs(json(
            "[{'id':'a','status':'pending','created_at':'2026-11-22T04:00:00','duration_ms':'7',"
            "'metadata':{'correlation_id':'c9'}},{'id':3},7]"));
        QVERIFY(list);
        QCOMPARE(list->logs.size(), std::size_t(1));
        QVERIFY(list->logs[0].status == ActionLogStatus::InProgress);
        QCOMPARE(list->logs[0].durationMs, std::optional<qint64>(7));
        QCOMPARE(list->logs[0].correlationId, QStringLiteral("c9"));
        for (const char* odd : {"", "{}", "{\"rows\":{}}", "7", "[", "<html>"}) {
            const auto refused = decodeActionLogs(odd);
            QVERIFY2(!refused && refused.error().kind == FailureKind::Malformed, odd);
        }
    }

    void historyAndVolumesReadBack() {
        const std::vector<StateChange> history{fullChange(someId, QStringLiteral("h1"))};
        const auto read = decodeHistory(encodeHistory(history));
        QVERIFY(read && read->size() == 1);
        const StateChange& h = read->front();
        QVERIFY(h.id == history[0].id && h.instanceId == someId && h.from == history[0].from);
        QVERIFY(h.to == history[0].to && h.reason == history[0].reason && h.at == history[0].at);
        QCOMPARE(h.metadata, history[0].metadata);
        QVERIFY(decodeHistory("[{\"id\":\"x\"}]")->empty());
        QVERIFY(!decodeHistory("{}"));

        const std::vector<Volume> volumes{fullVolume(someId, QStringLiteral("v1"))};
        const auto disks = decodeVolumes(encodeVolumes(volumes));
        QVERIFY(disks && disks->size() == 1);
        const Volume& v = disks->front();
        QVERIFY(v.id == volumes[0].id && v.instanceId == someId && v.status == volumes[0].status);
        QVERIFY(v.sizeGb == 200 && v.isBoot && !v.deleteOnTerminate);
        QVERIFY(v.lastReconciliation == volumes[0].lastReconciliation);
        QVERIFY(v.errorMessage == volumes[0].errorMessage && v.volumeType == volumes[0].volumeType);
        QVERIFY(!decodeVolumes("null"));
    }

    void breakersReadBack() {
        const WallTime at{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
        Breaker b;
        b.name = QStringLiteral("provider:mock");
        b.computed = BreakerMode::HalfOpen;
        b.effective = BreakerMode::ForcedOpen;
        b.failureThreshold = 5;
        b.failureRateThreshold = 0.5;
        b.slowCallRateThreshold = 0.9;
        b.slowCallDurationThreshold = 60s;
        b.timeBasedWindow = true;
        b.windowSize = 60;
        b.minimumCalls = 10;
        b.successesToClose = 2;
        b.failuresToOpen = 2;
        b.slowCallsToOpen = 83;
        b.relapses = 3;
        b.wait = std::chrono::seconds(80);
        b.opens = 7;
        b.resets = 6;
        b.waitDurationInOpenState = 30s;
        b.permittedCallsInHalfOpen = 1;
        b.calls = 100;
        b.failures = 50;
        b.slow = 7;
        b.consecutiveFailures = 3;
        b.failureRate = 0.5;
        b.slowRate = 0.07;
        b.notPermitted = 5'000'000'000;
        b.openedAt = at;
        b.nextAttemptAt = at + 30s;
        for (int i = 0; i < 25; ++i)
            b.transitions.push_back({at + std::chrono::seconds(i), BreakerMode::Closed,
                                     BreakerMode::Open, QStringLiteral("t%1").arg(i)});
        b.override_ = BreakerOverride{BreakerMode::ForcedOpen, QStringLiteral("ada"),
                                      QStringLiteral("maintenance"), at + 1h};
        const auto list = decodeBreakers(encodeBreakers({&b, 1}));
        QVERIFY(list && list->size() == 1);
        const Breaker& r = list->front();
        QVERIFY(r.name == b.name && r.computed == b.computed && r.effective == b.effective);
        QVERIFY(r.failureThreshold == 5 && r.failureRateThreshold == 0.5);
        QVERIFY(r.slowCallRateThreshold == 0.9 && r.permittedCallsInHalfOpen == 1);
        QVERIFY(r.waitDurationInOpenState == b.waitDurationInOpenState);
        QVERIFY(r.slowCallDurationThreshold == b.slowCallDurationThreshold);
        QVERIFY(r.timeBasedWindow == true && r.windowSize == 60 && r.minimumCalls == 10);
        QVERIFY(r.successesToClose == 2 && r.failuresToOpen == 2 && r.slowCallsToOpen == 83);
        QVERIFY(r.relapses == 3 && r.wait == std::chrono::seconds(80));
        QVERIFY(r.opens == 7 && r.resets == 6);
        QVERIFY(r.calls == 100 && r.failures == 50 && r.slow == 7 && r.consecutiveFailures == 3);
        QVERIFY(r.failureRate == 0.5 && r.slowRate == 0.07 && r.notPermitted == b.notPermitted);
        QVERIFY(r.openedAt == b.openedAt && r.nextAttemptAt == b.nextAttemptAt);
        QCOMPARE(r.transitions.size(), std::size_t(20)); // the newest ones
        QCOMPARE(r.transitions.back().cause, QStringLiteral("t24"));
        QVERIFY(r.override_ && r.override_->actor == u"ada" && r.override_->until == at + 1h);

        const auto others = decodeBreakers(json("[{'name':'x','effective_state':'open'},{},"
                                                "{'name':'y','computed_state':'melted'}]"));
        QVERIFY(others && others->size() == 2);
        QVERIFY((*others)[0].computed == BreakerMode::Open);
        QVERIFY(!(*others)[0].failureRate && !(*others)[0].override_);
        QVERIFY((*others)[1].effective == BreakerMode::Closed);
        QVERIFY(!decodeBreakers("{\"name\":\"x\"}"));
    }

    void errorsAndVersions() {
        const ErrorBody sent{QStringLiteral("not_found"), QStringLiteral("No \"x\"."),
                             QStringLiteral("c1")};
        const ErrorBody read = decodeError(encodeError(sent));
        QVERIFY(read.code == sent.code && read.message == sent.message);
        QCOMPARE(read.correlationId, sent.correlationId);
        QCOMPARE(decodeError(json("{'error':'db_down'}")).code, QStringLiteral("db_down"));
        QCOMPARE(decodeError(json("{'detail':'nope'}")).message, QStringLiteral("nope"));
        for (const char* odd : {"", "<html>502</html>", "[1]", "{\"error\":{\"a\":1}}", "{"})
            QVERIFY2(decodeError(odd).code.isEmpty(), odd);
        QVERIFY(decodeError("{\"message\":\"" + QByteArray(9000, 'x') + "\"}").message.size() <
                600);

        const VersionInfo version =
            decodeVersion(encodeVersion({QStringLiteral("vigied"), QStringLiteral("0.1.0")}));
        QVERIFY(version.name == u"vigied" && version.version == u"0.1.0");
        QCOMPARE(decodeVersion(json("{'backend_version':'0.7.0'}")).version,
                 QStringLiteral("0.7.0"));
        QVERIFY(decodeVersion("nonsense").version.isEmpty());
    }

    void times_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("written"); // empty: no time
        const auto row = [](const char* text, const char* written) {
            QTest::newRow(text) << QByteArray(text) << QString::fromLatin1(written);
        };
        row("2026-11-22T04:23:54Z", "2026-11-22T04:23:54.000Z");
        row("2026-11-22T04:23:54.1Z", "2026-11-22T04:23:54.100Z");
        row("2026-11-22T04:23:54.12Z", "2026-11-22T04:23:54.120Z");
        row("2026-11-22T04:23:54.120999Z", "2026-11-22T04:23:54.120Z");
        row("2026-11-22T04:23:54.123456789Z", "2026-11-22T04:23:54.123Z");
        row("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z");
        row("2026-11-22T04:23:54+00:00", "2026-11-22T04:23:54.000Z");
        row("2026-11-22T05:23:54.5+01:00", "2026-11-22T04:23:54.500Z");
        row("2026-11-22T04:23:54", "2026-11-22T04:23:54.000Z");
        row("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
        row("2026-02-29T00:00:00Z", "");
        row("2026-13-01T00:00:00Z", "");
        row("2026-11-22T24:00:00Z", "");
        row("2026-11-22T04:60:00Z", "");
        row("2026-11-22T04:23:54.Z", "");
        row("2026-11-22T04:23:54.1x3Z", "");
        row("2026-11-22", "");
        row("yesterday", "");
        row("", "");
        row("2026-11-22T04:23:54Zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "");
    }

    void times() {
        QFETCH(QByteArray, text);
        QFETCH(QString, written);
        const auto time = timeFromText(std::string_view(text.constData(), text.size()));
        QCOMPARE(time.has_value(), !written.isEmpty());
        if (time) {
            const QByteArray json = JsonWriter().value(*time).take();
            QCOMPARE(QString::fromUtf8(json), u'"' + written + u'"');
        }
    }

    void numbersReadBack() {
        for (const double number : {0.1, 1e300, -1e-300, 1.0 / 3, 9007199254740993.0, 0.0}) {
            const auto node = JsonNode::parse(JsonWriter().value(number).take(), QString());
            QVERIFY(node && node->number() == number);
        }
        QCOMPARE(JsonWriter().value(std::numeric_limits<double>::infinity()).take(),
                 QByteArray("null"));
        QCOMPARE(JsonWriter().value(std::numeric_limits<qint64>::min()).take(),
                 QByteArray("-9223372036854775808"));
        QCOMPARE(numberFromText("1e999"), std::optional<double>());
        QCOMPARE(numberFromText("nan"), std::optional<double>());
        QCOMPARE(numberFromText(" 1"), std::optional<double>());
        QCOMPARE(wholeNumber(1e17), std::optional<qint64>());
    }

    void aNodeOutlivesItsText() {
        JsonNode inner;
        {
            QByteArray text = json("{'a':{'b':[1,'two',null]}}");
            inner = (*JsonNode::parse(text, QString()))["a"]["b"];
            text.fill('x');
        }
        QCOMPARE(inner.items().size(), std::size_t(3));
        QCOMPARE(inner.items()[1].text(), QStringLiteral("two"));
        QVERIFY(inner.items()[2].isAbsent());
        QVERIFY(inner["a"]["b"].isAbsent() && JsonNode()["x"].items().empty());
        QCOMPARE(inner.compact(), json("[1,'two',null]"));
        QCOMPARE(inner.compactObject(), QByteArray());
        QVERIFY(JsonNode::parse(QByteArray(50, ' ') + "1", QString(), 10).error().kind ==
                FailureKind::TooLarge);
    }
};

QTEST_GUILESS_MAIN(TestModelCodecs)
#include "tst_modelcodecs.moc"
