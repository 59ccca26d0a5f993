#include "tests/support/samplesnapshot.h"
#include "ui/panels/overview/changetext.h"
#include "ui/panels/overview/problems.h"
#include "ui/panels/overview/sourcecards.h"

#include <QtTest>

#include <numeric>

using namespace vigie;
using namespace vigie::panels::overview;
using namespace std::chrono_literals;

class TestOverviewFacts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cardsCountEveryInstanceOnce() {
        const FleetSnapshot snapshot = sampleSnapshot();
        int total = 0;
        for (const SourceCard& card : cards(snapshot)) {
            QCOMPARE(std::accumulate(card.counts.begin(), card.counts.end(), 0), card.total);
            total += card.total;
        }
        QCOMPARE(total, static_cast<int>(snapshot.instances.size()));
    }
    void aBlindSourceCountsNobodyAlive() {
        for (const SourceCard& card : cards(sampleSnapshot())) {
            QCOMPARE(card.stale, card.name == QLatin1String("gra-1"));
            if (card.stale) {
                QCOMPARE(card.counts[static_cast<size_t>(Share::Alive)], 0);
                QVERIFY(!card.failure.isEmpty());
                QVERIFY(card.age && *card.age == 14s);
            }
        }
        QVERIFY(cards(sampleSnapshot()).front().stale); // what needs a person comes first
    }
    void theDeadAreFoldedByTheirZone() {
        const auto all = problems(sampleSnapshot());
        const auto dead = std::find_if(all.begin(), all.end(), [](const Problem& problem) {
            return std::holds_alternative<Verdict>(problem.shape) &&
                   std::get<Verdict>(problem.shape) == Verdict::Dead;
        });
        QVERIFY(dead != all.end());
        QCOMPARE(dead->members, 4);
        QVERIFY2(dead->sentence.contains(QLatin1String("fr-par-2")), qPrintable(dead->sentence));
        QVERIFY(dead->filter.contains(QLatin1String("verdict:dead")));
    }
    void scatteredOnesAreNotFolded() {
        FleetSnapshot snapshot = sampleSnapshot();
        int number = 0;
        for (auto& view : snapshot.instances) { // the dead ones, each elsewhere
            auto moved = *view;
            if (moved.assessment.verdict == Verdict::Dead) {
                moved.instance.zone = QStringLiteral("zone-%1").arg(++number);
                moved.instance.modelName = moved.instance.zone;
            }
            view = std::make_shared<const InstanceView>(moved);
        }
        int dead = 0;
        for (const Problem& problem : problems(snapshot))
            if (problem.instance && std::holds_alternative<Verdict>(problem.shape) &&
                std::get<Verdict>(problem.shape) == Verdict::Dead)
                ++dead;
        QCOMPARE(dead, 4);
    }
    void aSilentSourceIsTheWorst() {
        const auto all = problems(sampleSnapshot());
        QVERIFY(std::holds_alternative<Freshness>(all[0].shape));
        QCOMPARE(all[0].members, 8);
    }
    void aHealthyFleetHasNone() { QVERIFY(problems(largeSnapshot(50)).empty()); }
    void problemsOfTenThousandAreFoundInTime() {
        FleetSnapshot snapshot = largeSnapshot(10'000);
        for (auto& view : snapshot.instances) {
            auto sick = *view;
            sick.assessment.verdict = Verdict::Suspect;
            view = std::make_shared<const InstanceView>(sick);
        }
        const auto all = problems(snapshot);
        QVERIFY(!all.empty() && all.size() < 20);
    }
    void changesAreWorded_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("text");
        QTest::newRow("state") << "ready -> worker_dead" << QStringLiteral("ready → worker dead");
        QTest::newRow("verdict") << "verdict alive -> suspect (late)"
                                 << QStringLiteral("verdict: alive → suspect");
        QTest::newRow("source") << "source live -> stale" << QStringLiteral("source: live → stale");
        QTest::newRow("new") << "appeared as booting" << QStringLiteral("new: booting");
        QTest::newRow("gone") << "no longer listed (was ready)"
                              << QStringLiteral("no longer listed, was: ready");
        QTest::newRow("odd state")
            << "ready -> hibernating" << QStringLiteral("ready → hibernating");
        QTest::newRow("anything") << "the moon is full" << QStringLiteral("the moon is full");
    }
    void changesAreWorded() {
        QFETCH(QString, what);
        QTEST(changeText(what), "text");
    }
    void onlyTheLastFifteenMinutesAreShown() {
        FleetSnapshot snapshot = sampleSnapshot();
        snapshot.changes.push_back({sampleNow() - 16min,
                                    SourceId(QStringLiteral("par-1")),
                                    {},
                                    QStringLiteral("too old")});
        const auto all = recentChanges(snapshot);
        QCOMPARE(all.size(), snapshot.changes.size() - 1);
        QSet<QString> keys;
        for (const ChangeRow& row : all)
            keys.insert(row.key);
        QCOMPARE(keys.size(), static_cast<qsizetype>(all.size()));
    }
};

QTEST_APPLESS_MAIN(TestOverviewFacts)
#include "tst_overviewfacts.moc"
