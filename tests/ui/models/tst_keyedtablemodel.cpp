#include "ui/models/columns.h"
#include "ui/models/exportcodec.h"
#include "ui/models/keyedtablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Row {
    QString key;
    double size = 0;
    QString note;
};

std::vector<Column<Row>> columns() {
    return {
        textColumn<Row>(
            "key", [] { return QStringLiteral("Key"); }, 80,
            [](const Row& row) { return row.key; }),
        numberColumn<Row>(
            "size", [] { return QStringLiteral("Size"); }, 80,
            [](const Row& row) { return row.size < 0 ? std::nullopt : std::optional(row.size); },
            [](double value) { return QString::number(value); }),
        textColumn<Row>(
            "note", [] { return QStringLiteral("Note"); }, 80,
            [](const Row& row) { return row.note; })};
}

std::vector<Row> rows(std::initializer_list<std::pair<const char*, double>> list) {
    std::vector<Row> all;
    for (const auto& [key, size] : list)
        all.push_back({QString::fromLatin1(key), size, {}});
    return all;
}

QString keys(const TableModel& model) {
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all.append(model.keyAt(row));
    return all.join(QLatin1Char(' '));
}

constexpr WallTime start{std::chrono::hours(1000)};

struct Fixture {
    KeyedTableModel<Row> model{columns()};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

} // namespace

class TestKeyedTableModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void neverResets() {
        Fixture f;
        QSignalSpy resets(&f.model, &QAbstractItemModel::modelReset);
        f.model.setRows(rows({{"b", 2}, {"a", 1}}), start);
        f.model.sort(0, Qt::AscendingOrder);
        f.model.setRows(rows({{"c", 3}, {"a", 5}, {"d", 1}}), start + 1s);
        f.model.setRows({}, start + 2s);
        f.model.setRows(rows({{"z", 1}}), start + 3s);
        QCOMPARE(keys(f.model), QStringLiteral("z"));
        QCOMPARE(resets.count(), 0);
    }

    void keepsWhatIsHeldByKey() {
        Fixture f;
        f.model.sort(0, Qt::AscendingOrder);
        f.model.setRows(rows({{"a", 1}, {"b", 2}, {"c", 3}, {"e", 5}}), start);
        const QPersistentModelIndex held(f.model.index(2, 1));
        f.model.setRows(rows({{"0", 9}, {"b", 2}, {"c", 7}, {"d", 4}}), start + 1s);
        QCOMPARE(keys(f.model), QStringLiteral("0 b c d"));
        QVERIFY(held.isValid());
        QCOMPARE(f.model.keyAt(held.row()), QStringLiteral("c"));
        QCOMPARE(held.data().toString(), QStringLiteral("7"));
        f.model.sort(1, Qt::DescendingOrder);
        QCOMPARE(keys(f.model), QStringLiteral("0 c d b"));
        QCOMPARE(f.model.keyAt(held.row()), QStringLiteral("c"));
        f.model.setRows(rows({{"b", 2}}), start + 2s);
        QVERIFY(!held.isValid());
    }

    void orderSettlesInsteadOfJumping() {
        Fixture f;
        f.model.sort(1, Qt::DescendingOrder);
        f.model.setRows(rows({{"a", 3}, {"b", 2}, {"c", 1}}), start);
        f.model.setRows(rows({{"a", 1}, {"b", 2}, {"c", 9}}), start + 1s);
        QCOMPARE(keys(f.model), QStringLiteral("a b c")); // values changed, places did not
        f.model.setRows(rows({{"a", 1}, {"b", 2}, {"c", 9}}), start + 6s);
        QCOMPARE(keys(f.model), QStringLiteral("c b a"));
        f.model.setRows(rows({{"a", 1}, {"b", 2}, {"c", 9}, {"d", 5}}), start + 7s);
        QCOMPARE(keys(f.model), QStringLiteral("c d b a")); // a new row goes to its place at once
        f.model.setRows(rows({{"a", 99}, {"b", 2}, {"c", 9}, {"d", 5}}), start + 7s);
        f.model.sort(1, Qt::DescendingOrder); // asked for: at once
        QCOMPARE(keys(f.model), QStringLiteral("a c d b"));
    }

    void unknownComesLastBothWays() {
        Fixture f;
        f.model.setRows(rows({{"a", -1}, {"b", 2}, {"c", 1}}), start);
        f.model.sort(1, Qt::AscendingOrder);
        QCOMPARE(keys(f.model), QStringLiteral("c b a"));
        f.model.sort(1, Qt::DescendingOrder);
        QCOMPARE(keys(f.model), QStringLiteral("b c a"));
    }

    void filterHidesAndShowsWithoutForgetting() {
        Fixture f;
        f.model.setRows(rows({{"a", 1}, {"b", 2}, {"c", 3}}), start);
        f.model.toggleMark(1);
        QVERIFY(f.model.setFilter(QStringLiteral("size>2")));
        QCOMPARE(keys(f.model), QStringLiteral("c"));
        QCOMPARE(f.model.total(), 3);
        QVERIFY(f.model.isMarked(QStringLiteral("b"))); // hidden, still marked
        const auto bad = f.model.setFilter(QStringLiteral("siez>2"));
        QVERIFY(!bad);
        QCOMPARE(keys(f.model), QStringLiteral("c"));
        f.model.setRows(rows({{"a", 4}, {"b", 2}, {"c", 3}}), start + 1s);
        QCOMPARE(f.model.rowCount(), 2); // "a" grew into the filter
        QVERIFY(f.model.setFilter({}));
        QCOMPARE(f.model.rowCount(), 3);
        f.model.setRows(rows({{"a", 4}}), start + 2s);
        QVERIFY(f.model.marks().isEmpty()); // gone for good
    }

    void survivesRandomChange() {
        Fixture f;
        quint32 state = 7;
        const auto random = [&state](quint32 below) {
            state = state * 1664525U + 1013904223U;
            return (state >> 16) % below;
        };
        for (int round = 0; round < 80; ++round) {
            std::vector<Row> fresh;
            for (int i = 0; i < 120; ++i)
                if (random(3) > 0)
                    fresh.push_back({QString::number(i), static_cast<double>(random(50)), {}});
            if (round % 17 == 0)
                f.model.sort(static_cast<int>(random(2)),
                             random(2) ? Qt::AscendingOrder : Qt::DescendingOrder);
            const QString filter =
                round % 5 == 0 ? QStringLiteral("size>%1").arg(random(50)) : QString();
            if (round % 3 == 0)
                QVERIFY(f.model.setFilter(filter));
            const auto wanted = fresh;
            f.model.setRows(std::move(fresh), start + std::chrono::seconds(round));
            for (int row = 0; row < f.model.rowCount(); ++row) {
                const Row* shown = f.model.rowAt(row);
                QCOMPARE(shown->key, f.model.keyAt(row));
                const auto same = std::find_if(wanted.begin(), wanted.end(),
                                               [&](const Row& r) { return r.key == shown->key; });
                QVERIFY(same != wanted.end());
                QCOMPARE(shown->size, same->size);
            }
        }
    }

    void exportsCsvAndJson() {
        Fixture f;
        f.model.setRows({{QStringLiteral("a"), 1.5, QStringLiteral("says \"hi\", twice\nor so")},
                         {QStringLiteral("b"), -1, QStringLiteral("=HYPERLINK(\"x\")")}},
                        start);
        const auto extract = f.model.extract({0, 1}, {0, 1, 2});
        QCOMPARE(toCsv(extract), QByteArray("key,size,note\r\n"
                                            "a,1.5,\"says \"\"hi\"\", twice\nor so\"\r\n"
                                            "b,,\"'=HYPERLINK(\"\"x\"\")\"\r\n"));
        const QByteArray json = toJson(extract).simplified();
        QVERIFY2(json.contains("\"size\": 1.5"), json.constData());
        QVERIFY2(json.contains("\"size\": null"), json.constData());
    }
};

QTEST_MAIN(TestKeyedTableModel)
#include "tst_keyedtablemodel.moc"
