#include "core/orchestrator/api/query.h"

#include <QTest>

using namespace vigie;

class TestQuery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void integers_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("value"); // -1: refused
        QTest::newRow("absent") << "" << 50;
        QTest::newRow("lowest") << "limit=1" << 1;
        QTest::newRow("highest") << "limit=500" << 500;
        QTest::newRow("zero") << "limit=0" << -1;
        QTest::newRow("over") << "limit=501" << -1;
        QTest::newRow("negative") << "limit=-1" << -1;
        QTest::newRow("words") << "limit=many" << -1;
        QTest::newRow("empty") << "limit=" << -1;
        QTest::newRow("fraction") << "limit=1.5" << -1;
        QTest::newRow("over 32 bits") << "limit=99999999999999999999" << -1;
        QTest::newRow("escaped") << "limit=%31%30" << 10;
    }
    void integers() {
        QFETCH(QString, query);
        QFETCH(int, value);
        const QUrlQuery parsed(query);
        QueryReader reader(parsed);
        const int read = reader.integer(QStringLiteral("limit"), 50, 1, 500);
        QCOMPARE(reader.mistake() ? -1 : read, value);
        if (reader.mistake()) {
            QVERIFY(reader.mistake()->message.contains(QLatin1String("limit")));
            QVERIFY(reader.mistake()->message.contains(QLatin1String("from 1 to 500")));
            QCOMPARE(reader.mistake()->code, QStringLiteral("invalid_request"));
        }
    }

    void others() {
        const QUrlQuery good(QStringLiteral("archived=true&wait=2.5&dir=asc"));
        QueryReader reader(good);
        QCOMPARE(reader.boolean(QStringLiteral("archived")), std::optional(true));
        QCOMPARE(reader.boolean(QStringLiteral("absent")), std::optional<bool>());
        QVERIFY(reader.seconds(QStringLiteral("wait"), {}, std::chrono::seconds(60)) ==
                std::chrono::milliseconds(2500));
        QCOMPARE(reader.word(QStringLiteral("dir"), {}, {QStringLiteral("asc")}),
                 QStringLiteral("asc"));
        QVERIFY(!reader.mistake());
    }

    void theFirstMistakeIsTold() {
        const QUrlQuery bad(QStringLiteral("archived=perhaps&wait=nan&dir=up"));
        QueryReader reader(bad);
        reader.boolean(QStringLiteral("archived"));
        reader.seconds(QStringLiteral("wait"), {}, std::chrono::seconds(60));
        reader.word(QStringLiteral("dir"), {}, {QStringLiteral("asc")});
        QVERIFY(reader.mistake());
        QVERIFY(reader.mistake()->message.contains(QLatin1String("perhaps")));
    }

    void secondsHaveARange_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"nan", "inf", "-1", "61", "soon", "1e999"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void secondsHaveARange() {
        QFETCH(QString, text);
        const QUrlQuery query(QStringLiteral("wait=") + text);
        QueryReader reader(query);
        reader.seconds(QStringLiteral("wait"), {}, std::chrono::seconds(60));
        QVERIFY(reader.mistake());
    }
};

QTEST_GUILESS_MAIN(TestQuery)
#include "tst_query.moc"
