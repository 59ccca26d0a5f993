#include "core/telemetry/tracecontext.h"

#include <QTest>

#include <random>

using namespace vigie;

namespace {

const std::string traceId = "0af7651916cd43dd8448eb211c80319c";
const std::string spanId = "b7ad6b7169203331";
const std::string usual = "00-" + traceId + "-" + spanId + "-01";

std::string repeated(const char* text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

std::string members(int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += (i ? ",k" : "k") + std::to_string(i) + "=v";
    return out;
}

} // namespace

class TestTraceContext : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAndWrites() {
        const auto read = parseTraceContext(usual, "a=1, b=2");
        QVERIFY(read);
        QCOMPARE(read->traceIdText(), traceId);
        QCOMPARE(read->spanIdText(), spanId);
        QVERIFY(read->sampled());
        QCOMPARE(read->state, std::string("a=1,b=2"));
        QCOMPARE(read->traceparent(), usual);
    }

    void traceparents_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("valid");
        const auto row = [](const char* name, const std::string& header, bool valid) {
            QTest::newRow(name) << QByteArray::fromStdString(header) << valid;
        };
        const std::string ids = traceId + "-" + spanId;
        row("usual", usual, true);
        row("not sampled", "00-" + ids + "-00", true);
        row("unknown flags", "00-" + ids + "-ff", true);
        row("empty", "", false);
        row("version ff", "ff-" + ids + "-01", false);
        row("version ff, longer", "ff-" + ids + "-01-more", false);
        row("later version", "cc-" + ids + "-01", true);
        row("later version, longer", "cc-" + ids + "-01-what-the-future-brings", true);
        row("later version, dash only", "cc-" + ids + "-01-", true);
        row("later version, longer without dash", "cc-" + ids + "-01.x", false);
        row("version 00, longer", usual + "-x", false);
        row("version 00, dash", usual + "-", false);
        row("version of one digit", "0-" + ids + "-01", false);
        row("version of letters", "zz-" + ids + "-01", false);
        row("zero trace id", "00-" + repeated("0", 32) + "-" + spanId + "-01", false);
        row("zero span id", "00-" + traceId + "-" + repeated("0", 16) + "-01", false);
        row("capitals", "00-" + repeated("A", 32) + "-" + spanId + "-01", false);
        row("short trace id", "00-" + traceId.substr(1) + "-" + spanId + "-01", false);
        row("short flags", "00-" + ids + "-1", false);
        row("flags of letters", "00-" + ids + "-0x", false);
        row("underscores", "00_" + traceId + "_" + spanId + "_01", false);
        row("blank before", " " + usual, false);
    }
    void traceparents() {
        QFETCH(QByteArray, header);
        QFETCH(bool, valid);
        const auto read = parseTraceContext(header.toStdString());
        QCOMPARE(read.has_value(), valid);
        if (read)
            QVERIFY(parseTraceContext(read->traceparent()));
    }

    void tracestates_data() {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("canonical"); // null: invalid
        const auto good = [](const char* name, const std::string& list, const std::string& as) {
            QTest::newRow(name) << QByteArray::fromStdString(list)
                                << QByteArray(as.data(), qsizetype(as.size()));
        };
        const auto bad = [](const char* name, const std::string& list) {
            QTest::newRow(name) << QByteArray::fromStdString(list) << QByteArray();
        };
        good("one", "rojo=00f067aa0ba902b7", "rojo=00f067aa0ba902b7");
        good("blanks", " a=1 \t,\tb=2 ", "a=1,b=2");
        good("empty members", "a=1,,b=2,", "a=1,b=2");
        good("blank inside a value", "a=x y", "a=x y");
        good("tenant", "0tenant@system=v", "0tenant@system=v");
        good("every key character", "a0_-*/=v", "a0_-*/=v");
        good("32 members", members(32), members(32));
        good("longest key", repeated("k", 256) + "=v", repeated("k", 256) + "=v");
        good("longest value", "k=" + repeated("v", 256), "k=" + repeated("v", 256));
        good("longest tenant", repeated("t", 241) + "@" + repeated("s", 14) + "=v",
             repeated("t", 241) + "@" + repeated("s", 14) + "=v");
        bad("33 members", members(33));
        bad("no equals", "a");
        bad("no key", "=1");
        bad("no value", "a=");
        bad("twice", "a=1,b=2,a=3");
        bad("capital in a key", "Aa=1");
        bad("key beginning with a digit", "0a=1");
        bad("system beginning with a digit", "t@0s=1");
        bad("two ats", "a@b@c=1");
        bad("blank in a key", "a b=1");
        bad("blank before the equals", "a =1");
        bad("equals in a value", "a=1=2");
        bad("control character", "a=\x01");
        bad("not ASCII", "a=\xc3\xa9");
        bad("long key", repeated("k", 257) + "=v");
        bad("long value", "k=" + repeated("v", 257));
        bad("long tenant", repeated("t", 242) + "@s=v");
        bad("long system", "t@" + repeated("s", 15) + "=v");
    }
    void tracestates() {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, canonical);
        const auto read = parseTraceState(list.toStdString());
        QCOMPARE(read.has_value(), !canonical.isNull());
        if (read)
            QCOMPARE(*read, canonical.toStdString());
        // An invalid tracestate does not cost the traceparent.
        const auto context = parseTraceContext(usual, list.toStdString());
        QVERIFY(context);
        QCOMPARE(context->state, canonical.toStdString());
    }

    void noTracestateIsEmpty() { QCOMPARE(*parseTraceState(""), std::string()); }

    void longListsLoseWholeMembers() {
        // The long ones first, wherever they are.
        const std::string longest = "long=" + repeated("v", 200);
        const std::string small = "a=" + repeated("v", 98);
        const std::string list = small + "," + longest + ",b" + small.substr(1) + ",c" +
                                 small.substr(1) + ",d" + small.substr(1);
        const auto kept = parseTraceState(list);
        QVERIFY(kept);
        QVERIFY(kept->size() <= 512);
        QCOMPARE(kept->find("long="), std::string::npos);
        QVERIFY(kept->find("d=") != std::string::npos);
        // Then from the end.
        std::string many = small;
        for (const char* key : {"b", "c", "d", "e", "f"})
            many += "," + std::string(key) + small.substr(1);
        const auto fewer = parseTraceState(many);
        QVERIFY(fewer && fewer->size() <= 512);
        QVERIFY(fewer->starts_with("a=") && fewer->find("e=") != std::string::npos);
        QCOMPARE(fewer->find("f="), std::string::npos);
        // Up to 512 nothing is lost.
        const std::string fits = "k=" + repeated("v", 252) + ",m=" + repeated("v", 255);
        QCOMPARE(fits.size(), std::size_t{512});
        QCOMPARE(*parseTraceState(fits), fits);
    }

    void childrenStayInTheTrace() {
        std::mt19937_64 random(1);
        auto parent = *parseTraceContext("00-" + traceId + "-" + spanId + "-ff", "a=1");
        const TraceContext child = parent.child(std::ref(random));
        QCOMPARE(child.traceIdText(), traceId);
        QVERIFY(child.spanIdText() != spanId);
        QCOMPARE(child.state, std::string("a=1"));
        QCOMPARE(int(child.flags), 1); // flags of the future are not ours to hand on
        QVERIFY(child.child(std::ref(random)).spanId != child.spanId);
    }

    void rootsDiffer() {
        std::mt19937_64 random(1);
        const auto one = TraceContext::root(std::ref(random), true);
        const auto other = TraceContext::root(std::ref(random), false);
        QVERIFY(one.traceId != other.traceId && one.spanId != other.spanId);
        QVERIFY(one.sampled() && !other.sampled());
        QVERIFY(*parseTraceContext(one.traceparent()) == one);
    }

    /// Even from a source that gives nothing but zeros the ids are valid.
    void zerosAreNoIds() {
        const auto made = TraceContext::root([] { return std::uint64_t{0}; }, true);
        QVERIFY(parseTraceContext(made.traceparent()));
        QVERIFY(parseTraceContext(made.child([] { return std::uint64_t{0}; }).traceparent()));
    }

    void anyBytesAreSurvived() {
        std::mt19937 random(1);
        const std::string alphabet = std::string("0af-zA=,@ \t_*/~") + '\0' + '\xff';
        for (int round = 0; round < 20'000; ++round) {
            std::string parent = usual, list;
            for (int i = 0; i < 3; ++i)
                parent[random() % parent.size()] = alphabet[random() % alphabet.size()];
            for (int i = 0; i < 40; ++i)
                list += alphabet[random() % alphabet.size()];
            if (const auto read = parseTraceContext(parent, list))
                QVERIFY(*parseTraceContext("00" + parent.substr(2, 53), read->state) == *read);
        }
    }
};

QTEST_GUILESS_MAIN(TestTraceContext)
#include "tst_tracecontext.moc"
