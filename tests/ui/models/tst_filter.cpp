#include "ui/models/filter.h"

#include <QtTest>

using namespace vigie;

namespace {

const std::vector<FilterField> fields{
    {QStringLiteral("state"), FieldKind::Text}, {QStringLiteral("zone"), FieldKind::Text},
    {QStringLiteral("model"), FieldKind::Text}, {QStringLiteral("error"), FieldKind::Text},
    {QStringLiteral("gpu"), FieldKind::Number}, {QStringLiteral("retries"), FieldKind::Number},
    {QStringLiteral("hb"), FieldKind::Seconds},
};

struct Row final : FilterSubject {
    QVariantList values;
    QVariant value(int index) const override { return values.at(index); }
    bool contains(const QString& needle) const override {
        return std::any_of(values.begin(), values.end(), [&](const QVariant& v) {
            return v.toString().contains(needle, Qt::CaseInsensitive);
        });
    }
};

Row sample() {
    Row row;
    row.values = {QStringLiteral("ready"),
                  QStringLiteral("fr-par-2"),
                  QStringLiteral("llama 3 8b"),
                  QString(),
                  82.5,
                  3,
                  45.0};
    return row;
}

} // namespace

class TestFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matches_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* text, bool matches) {
            QTest::newRow(text) << QString::fromUtf8(text) << matches;
        };
        row("", true);
        row("   ", true);
        row("par", true);
        row("LLAMA", true);
        row("mistral", false);
        row("!mistral", true);
        row("par mistral", false);
        row("\"llama 3\"", true);
        row("\"llama  3\"", false);
        row("!\"llama 3\"", false);
        row("state:ready", true);
        row("state:Ready", true);
        row("STATE:ready", true);
        row("state:read", false);
        row("!state:ready", false);
        row("state:booting,ready", true);
        row("state:booting,starting", false);
        row("zone:fr-par-*", true);
        row("zone:*-2", true);
        row("zone:fr*2", true);
        row("zone:fr*1", false);
        row("zone:fr-par-2*2", false);
        row("model:\"llama 3 8b\"", true);
        row("model:x,\"llama*\"", true);
        row("error:*", false);
        row("!error:*", true);
        row("error:\"\"", true);
        row("gpu>80", true);
        row("gpu>82.5", false);
        row("gpu>=82,5", true);
        row("gpu<90%", true);
        row("gpu<=80", false);
        row("retries=3", true);
        row("retries:3", true);
        row("retries==3", true);
        row("hb>30s", true);
        row("hb>1min", false);
        row("hb<1m", true);
        row("hb>44999ms", true);
        row("hb>45", false);
        row("!hb>30s", false);
        row("state:ready gpu>80 !mistral", true);
        row(">80", false); // no name before it: an ordinary word
    }
    void matches() {
        QFETCH(QString, text);
        QFETCH(bool, matches);
        const auto filter = Filter::parse(text, fields);
        QVERIFY2(filter, filter ? "" : qPrintable(filter.error().message));
        QCOMPARE(filter->matches(sample()), matches);
    }

    void unknownNumbersMatchNoComparison() {
        Row row = sample();
        row.values[4] = QVariant();
        for (const char* text : {"gpu>80", "gpu<80", "gpu=0", "gpu<=100"})
            QVERIFY2(!Filter::parse(QString::fromLatin1(text), fields)->matches(row), text);
        QVERIFY(Filter::parse(QStringLiteral("!gpu>80"), fields)->matches(row));
    }

    void errorsNameTheirPlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* text, int position, int length, const char* says) {
            QTest::newRow(text) << QString::fromUtf8(text) << position << length
                                << QString::fromUtf8(says);
        };
        row("stat:ready", 0, 4, "did you mean 'state'");
        row("ready xyzzy>3", 6, 5, "fields are: state");
        row("zone:fr \"abc", 8, 1, "never closed");
        row("zone:\"abc", 5, 1, "never closed");
        row("state:", 5, 1, "missing after ':'");
        row("state:a,", 7, 1, "missing after ','");
        row("state:a,,b", 7, 1, "missing after ','");
        row("gpu>", 3, 1, "missing after '>'");
        row("gpu>=", 4, 1, "missing after '='");
        row("gpu>much", 4, 4, "not a number");
        row("gpu:x", 4, 1, "not a number");
        row("hb>3 parsecs", 0, 0, ""); // a space ends the term: 3 seconds, then a word
        row("hb>3parsecs", 4, 7, "ms, s, min, h or d");
        row("gpu>3parsecs", 5, 7, "plain number");
        row("zone>3", 4, 1, "zone:value");
        row("zone:a !", 7, 1, "inverts");
    }
    void errorsNameTheirPlace() {
        QFETCH(QString, text);
        QFETCH(int, position);
        QFETCH(int, length);
        QFETCH(QString, says);
        const auto filter = Filter::parse(text, fields);
        if (says.isEmpty()) {
            QVERIFY(filter);
            return;
        }
        QVERIFY(!filter);
        QVERIFY2(filter.error().message.contains(says), qPrintable(filter.error().message));
        QCOMPARE(filter.error().position, position);
        QCOMPARE(filter.error().length, length);
    }

    void anyInputIsAnsweredInTime() {
        const QString pieces = QStringLiteral(" !\"ab:,<>=*9%");
        quint32 state = 12345;
        for (int round = 0; round < 5000; ++round) {
            QString text;
            for (int i = 0; i < 24; ++i) {
                state = state * 1664525U + 1013904223U;
                text.append(pieces.at(static_cast<int>((state >> 16) % uint(pieces.size()))));
            }
            const auto filter = Filter::parse(text, fields);
            if (filter)
                filter->matches(sample());
            else
                QVERIFY(filter.error().position >= 0 &&
                        filter.error().position + filter.error().length <= text.size());
        }
    }
};

QTEST_APPLESS_MAIN(TestFilter)
#include "tst_filter.moc"
