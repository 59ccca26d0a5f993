#include "core/base/ids.h"

#include <QSet>
#include <QTest>

#include <array>

using namespace vigie;

class TestIds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalIdsHashAlike() {
        const QString text = QStringLiteral("7d1f7f0e-64a5-4a1e-8c7b-000000000001");
        const QString slice = (QStringLiteral("x") + text).mid(1); // elsewhere in memory
        for (const size_t seed : {size_t{0}, size_t{1}, ~size_t{0}})
            QCOMPARE(hashOfId(text, seed), hashOfId(slice, seed));
        QVERIFY(hashOfId(text, 1) != hashOfId(text, 2));
        QCOMPARE(hashOfId(QString(), 1), hashOfId(QStringLiteral(""), 1));
    }

    /// Ids that differ in one letter, at any place of any length, as counted ones do.
    void everyLetterCounts() {
        for (int length = 1; length <= 40; ++length) {
            const QString base(length, u'a');
            QSet<size_t> seen{hashOfId(base, 7)};
            for (int i = 0; i < length; ++i) {
                QString other = base;
                other[i] = u'b';
                seen.insert(hashOfId(other, 7));
            }
            QCOMPARE(seen.size(), length + 1);
        }
        QSet<size_t> lengths;
        for (int length = 0; length <= 40; ++length)
            lengths.insert(hashOfId(QString(length, QChar(0)), 7));
        QCOMPARE(lengths.size(), 41);
    }

    void aUuidHasOneForm() {
        const QString uuid = QStringLiteral("0f8fad5b-d9cb-469f-a165-70867728950e");
        QCOMPARE(canonicalUuid(uuid), uuid);
        QCOMPARE(canonicalUuid(uuid.toUpper()), uuid);
        for (const QString& other :
             {QString(), QStringLiteral("{%1}").arg(uuid), uuid + QStringLiteral("-junk"),
              uuid.chopped(1), uuid.chopped(1) + QLatin1Char('x')})
            QVERIFY2(canonicalUuid(other).isEmpty(), qPrintable(other));
        QVERIFY(canonicalUuid(QStringLiteral("00000000-0000-0000-0000-000000000000")).isEmpty());
    }

    /// QHash takes the low bits: counted ids and random ones fill 1,024 buckets evenly.
    void lowBitsAreSpread_data() {
        QTest::addColumn<bool>("counted");
        QTest::newRow("counted") << true;
        QTest::newRow("random") << false;
    }
    void lowBitsAreSpread() {
        QFETCH(bool, counted);
        constexpr int ids = 102'400;
        std::array<int, 1024> buckets{};
        QSet<size_t> seen;
        for (int i = 0; i < ids; ++i) {
            const QString id = counted ? QStringLiteral("machine-%1").arg(i) : newUuid();
            const size_t hash = hashOfId(id, 42);
            ++buckets[hash % buckets.size()];
            seen.insert(hash);
        }
        QCOMPARE(seen.size(), ids);
        double chiSquare = 0; // 1,023 degrees of freedom: above 1,400 is out of the question
        for (const int in : buckets)
            chiSquare += (in - 100.0) * (in - 100.0) / 100.0;
        QVERIFY2(chiSquare < 1400, qPrintable(QString::number(chiSquare)));
    }
};

QTEST_GUILESS_MAIN(TestIds)
#include "tst_ids.moc"
