#include "core/base/timeformat.h"
#include "core/model/breakercodec.h"
#include "core/model/instancecodec.h"
#include "core/model/instancefields.h"
#include "core/model/jsonwriter.h"
#include "tests/support/sampleinstances.h"

#include <QTest>

using namespace vigie;

namespace {

/// JSON with ' in place of ": moc of Qt 6.4 loses its way in raw strings.
QByteArray json(const char* text) {
    return QByteArray(text).replace('\'', '"');
}

Instance readOne(const QByteArray& row) {
    const auto list = decodeInstances('[' + row + ']');
    return list && !list->instances.empty() ? *list->instances.front() : Instance();
}

QByteArray nested(char open, char close, int depth) {
    return QByteArray(depth, open) + QByteArray(depth, close);
}

/// What an orchestrator of part A sends: nulls, a price as a string, a field that we don't know.
const QByteArray foreignRow = json(
    "{"
    "'id': '7f9c', 'status': 'ready', 'provider_name': 'scaleway', 'zone': 'fr-par-2',"
    "'worker_status': 'ready', 'worker_last_heartbeat': '2026-11-22T04:23:54.120394Z',"
    "'worker_metadata': { 'gpus': [ {'index': 0} ], 'note': 'a } b' }, 'worker_queue_depth': 3,"
    "'cost_per_hour': '1.25', 'total_cost': 8, 'gpu_count': '2', 'storage_sizes_gb': [80, '200'],"
    "'error_code': null, 'ip_address': null, 'created_at': '2026-11-22T05:00:00+01:00',"
    "'is_archived': false, 'health_check_failures': 4, 'progress_percent': 100,"
    "'something_new': {'deep': [1, {'x': null}]}"
    "}");

} // namespace

class TestInstanceCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldReadsBack() {
        const Instance full = fullInstance(7);
        const Instance back = readOne(encodeInstance(full));
        for (const InstanceField& field : instanceFields())
            std::visit(
                [&](auto member) {
                    QVERIFY2(!isUnset(full.*member),
                             field.name.data()); // the sample must set every field of the table
                    QVERIFY2(full.*member == back.*member, field.name.data());
                },
                field.member);
        QVERIFY(sameInstance(full, back));
    }

    void anEmptyInstanceStaysEmpty() {
        Instance bare;
        bare.id = InstanceId(QStringLiteral("x"));
        bare.status = InstanceStatus::Booting;
        bare.statusText = QStringLiteral("booting");
        QVERIFY(sameInstance(bare, readOne(encodeInstance(bare))));
    }

    void aWordFromTheFutureIsKept() {
        const Instance read = readOne(json("{'id':'x','status':'hibernating'}"));
        QVERIFY(read.status == InstanceStatus::Unknown);
        QCOMPARE(read.statusText, QStringLiteral("hibernating"));
        QVERIFY(encodeInstance(read).contains("\"status\":\"hibernating\""));
    }

    void partAAloneIsEnough() {
        const Instance i = readOne(foreignRow);
        QCOMPARE(i.id.value(), QStringLiteral("7f9c"));
        QVERIFY(i.status == InstanceStatus::Ready);
        QCOMPARE(toRfc3339(*i.workerLastHeartbeat), QStringLiteral("2026-11-22T04:23:54.120Z"));
        QCOMPARE(toRfc3339(*i.createdAt), QStringLiteral("2026-11-22T04:00:00.000Z"));
        QCOMPARE(i.workerMetadata, QByteArray(json("{'gpus':[{'index':0}],'note':'a } b'}")));
        QCOMPARE(i.costPerHour, std::optional(1.25));
        QCOMPARE(i.totalCost, std::optional(8.0));
        QCOMPARE(i.gpuCount, std::optional(2));
        QCOMPARE(i.storageSizesGb, (std::vector<int>{80, 200}));
        QCOMPARE(i.healthCheckFailures, 4);
        QVERIFY(i.errorCode.isEmpty() && i.ipAddress.isEmpty() && !i.cpuCount && !i.assessment);
    }

    void theThreeShapes() {
        const Instance a = fullInstance(1);
        const Instance b = fullInstance(2);
        const std::vector<const Instance*> both{&a, &b};
        const auto plain = decodeInstances(encodeInstances(both));
        QVERIFY(plain && plain->instances.size() == 2 && !plain->page && plain->full);

        const auto page = decodeInstances(
            R"({"offset":40,"limit":20,"total_count":1000,"filtered_count":700,"rows":)" +
            encodeInstances(both) + '}');
        QVERIFY(page && page->instances.size() == 2 && page->page);
        QCOMPARE(page->page->offset, 40);
        QCOMPARE(page->page->filteredCount, 700);

        Breaker breaker;
        breaker.name = QStringLiteral("provider:mock");
        breaker.computed = BreakerMode::Open;
        const auto fleet = decodeInstances(
            R"({"cursor":"s1.e2.77","server_time":")" + toRfc3339(*a.createdAt).toLatin1() +
            R"(","full":false,"instances":)" + encodeInstances(both) +
            R"(,"removed":["gone"],"volumes":[],"breakers":)" + encodeBreakers({&breaker, 1}) +
            '}');
        QVERIFY(fleet && !fleet->full && fleet->instances.size() == 2);
        QCOMPARE(fleet->cursor, QStringLiteral("s1.e2.77"));
        QVERIFY(fleet->serverTime == a.createdAt);
        QVERIFY(fleet->removed == std::vector{InstanceId(QStringLiteral("gone"))});
        QVERIFY(fleet->breakers && fleet->breakers->front().computed == BreakerMode::Open);
        QVERIFY(sameInstance(*fleet->instances.back(), b));

        const auto empty = decodeInstances("[]");
        QVERIFY(empty && empty->instances.empty());
    }

    void aDetailHasItsStorages() {
        const Instance a = fullInstance(3);
        Volume volume;
        volume.id = VolumeId(QStringLiteral("v1"));
        volume.name = QStringLiteral("root \"disk\"");
        volume.sizeGb = 80;
        volume.status = VolumeStatus::Attached;
        volume.createdAt = a.createdAt;
        const auto detail = decodeInstanceDetail(encodeInstanceDetail(a, {&volume, 1}));
        QVERIFY(detail);
        QVERIFY(sameInstance(detail->instance, a));
        QCOMPARE(detail->volumes.size(), std::size_t(1));
        QCOMPARE(detail->volumes[0].name, volume.name);
        QVERIFY(detail->volumes[0].instanceId == a.id);
        QVERIFY(detail->volumes[0].status == VolumeStatus::Attached);
        for (const char* odd : {"", "[]", "{}", "{\"id\":7}", "<html>", "{\"id\":\"x\""})
            QVERIFY2(!decodeInstanceDetail(odd), odd);
    }

    void rubbishIsMalformed_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& body, const char* says) {
            QTest::newRow(name) << body << QString::fromLatin1(says);
        };
        const QByteArray good = encodeInstances({});
        const Instance a = fullInstance(1);
        const Instance* const one[] = {&a, &a, &a};
        const QByteArray three = encodeInstances(one);
        row("empty", "", "is empty");
        row("spaces", " \n", "is empty");
        row("html", "<!DOCTYPE html><html><body>502</body></html>", "HTML");
        row("truncated in a row", three.left(three.size() / 2), "cannot be read");
        row("truncated at the end", three.chopped(1), "cannot be read");
        row("trailing", three + "]", "cannot be read");
        row("two values", "[] []", "cannot be read");
        row("a number", "42", "neither an array");
        row("null", "null", "neither an array");
        row("a text", "\"instances\"", "neither an array");
        row("an error body", json("{'error':'db_down'}"), "neither an array");
        row("instances is null", json("{'instances':null}"), "neither an array");
        row("instances is an object", json("{'instances':{'id':'x'}}"), "neither an array");
        row("rows of numbers", "[1,2,3]", "none of 3 rows");
        row("no ids", json("[{'status':'ready'}]"), "row 1 has no id");
        row("latin1", "[{\"id\":\"caf\xe9\"}]", "cannot be read");
        row("half a surrogate", json("[{'id':'x','zone':'\\ud800'}]"), "");
        row("an odd escape", json("[{'id':'x','zone':'\\q'}]"), "");
        row("nul bytes", QByteArray(64, '\0'), "cannot be read");
        row("missing colon", json("[{'id' 'x'}]"), "cannot be read");
        row("missing comma", json("[{'id':'x'}{'id':'y'}]"), "cannot be read");
        row("nested arrays", nested('[', ']', 100000), "none of");
        row("unclosed nesting", QByteArray(100000, '['), "cannot be read");
        QVERIFY(decodeInstances(good));
    }

    void rubbishIsMalformed() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const auto list = decodeInstances(body);
        if (says.isEmpty()) // one field is unreadable, the row is not
            QVERIFY(!list || list->instances.front()->zone.isEmpty());
        else
            QVERIFY(!list);
        if (!list) {
            QVERIFY(list.error().kind == FailureKind::Malformed);
            QVERIFY2(list.error().message.contains(says), qPrintable(list.error().message));
            QVERIFY(list.error().message.size() < 300);
        }
    }

    void aBadRowDoesNotHideTheOthers() {
        const auto list = decodeInstances(json("[{'id':'a'}, 7, {'status':'x'}, {'id':'b'}]"));
        QVERIFY(list);
        QCOMPARE(list->instances.size(), std::size_t(2));
        QCOMPARE(list->unreadable, 2);
        QCOMPARE(list->firstUnreadable, QStringLiteral("row 2 is no object"));
    }

    void wrongTypesAreAbsent() {
        const Instance i = readOne(json(
            "{'id':'x','status':7,'gpu_count':'many','cpu_count':1.5,"
            "'ram_gb':1e999,'gpu_vram':99999999999999999999,'total_cost':'NaN','cost_per_hour':[],"
            "'created_at':'yesterday','terminated_at':12,'is_archived':'yes','zone':{'a':1},"
            "'worker_metadata':'text','storage_sizes_gb':{'a':[1]},'assessment':[1],'held':true,"
            "'progress_percent':{'x':'}'},'retry_count':2.0,'provider_name':'mock'}"));
        QCOMPARE(i.id.value(), QStringLiteral("x"));
        QVERIFY(i.status == InstanceStatus::Unknown && i.statusText.isEmpty());
        QVERIFY(!i.gpuCount && !i.cpuCount && !i.ramGb && !i.gpuVram && !i.totalCost);
        QVERIFY(!i.costPerHour && !i.createdAt && !i.terminatedAt && !i.isArchived);
        QVERIFY(i.zone.isEmpty() && i.workerMetadata.isEmpty() && i.storageSizesGb.empty());
        QVERIFY(!i.assessment && !i.held && !i.progressPercent);
        QCOMPARE(i.retryCount, 2);
        QCOMPARE(i.providerName, QStringLiteral("mock")); // what follows is still read
    }

    void repeatedWordsAreOneString() {
        const Instance a = fullInstance(2);
        const Instance b = fullInstance(4);
        const Instance* const both[] = {&a, &b};
        const auto list = decodeInstances(encodeInstances(both));
        QVERIFY(list);
        QVERIFY(list->instances[0]->region.isSharedWith(list->instances[1]->region));
        QVERIFY(list->instances[0]->statusText.isSharedWith(list->instances[1]->statusText));
    }

    void oddTextSurvives() {
        Instance odd = fullInstance(1);
        odd.errorMessage = QStringLiteral("tab\t nl\n quote\" back\\ nul") + QChar(u'\0') +
                           QStringLiteral(" é 漢 ") + QString::fromUcs4(U"\U0001F525");
        QCOMPARE(readOne(encodeInstance(odd)).errorMessage, odd.errorMessage);
        odd.errorMessage = QStringLiteral("lone ") + QChar(0xd800) + QStringLiteral(" end");
        QCOMPARE(readOne(encodeInstance(odd)).errorMessage,
                 QStringLiteral("lone ? end")); // and not a broken document
    }
};

QTEST_GUILESS_MAIN(TestInstanceCodec)
#include "tst_instancecodec.moc"
