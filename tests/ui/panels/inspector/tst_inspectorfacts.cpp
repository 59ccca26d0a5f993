#include "tests/support/samplesnapshot.h"
#include "ui/models/words.h"
#include "ui/panels/inspector/inspectorfacts.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::inspector;
using namespace std::chrono_literals;

namespace {

const InstanceView& dead(const FleetSnapshot& snapshot) {
    return *snapshot.find(snapshot.inspection->source, snapshot.inspection->instance);
}

} // namespace

class TestInspectorFacts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theOneWhoDisagreesIsMarked() {
        const FleetSnapshot snapshot = sampleSnapshot();
        const auto all = witnesses(dead(snapshot), snapshot.takenAt);
        QCOMPARE(all.size(), size_t(4));
        for (const Witness& witness : all)
            QCOMPARE(witness.disagrees, witness.who == QLatin1String("Provider"));
        QCOMPARE(all[0].when, QStringLiteral("2 s ago"));
    }
    void agreementMarksNobody() {
        InstanceView view;
        view.assessment.rule = QStringLiteral("silent-machine-stopped");
        view.assessment.evidence = {
            {QStringLiteral("heartbeat"), QStringLiteral("silent for 9 min")},
            {QStringLiteral("probe"), QStringLiteral("failing")},
            {QStringLiteral("provider"), QStringLiteral("stopped")}};
        for (const Witness& witness : witnesses(view, sampleNow()))
            QVERIFY(!witness.disagrees);
    }
    void timelineIsInOrderAndWithoutHoles() {
        const FleetSnapshot snapshot = sampleSnapshot();
        const Timeline line = timeline(dead(snapshot), snapshot.inspection.get(), snapshot.takenAt);
        QVERIFY(line.spans.size() >= 5);
        QVERIFY(line.spans.back().status == InstanceStatus::WorkerDead);
        QVERIFY(line.spans.back().to == snapshot.takenAt);
        for (size_t i = 0; i < line.spans.size(); ++i) {
            QVERIFY(line.spans[i].from <= line.spans[i].to);
            if (i > 0)
                QVERIFY(line.spans[i].from == line.spans[i - 1].to);
        }
        QVERIFY(line.to - line.from <= 2h);
        QCOMPARE(line.moments.size(), size_t(2));
    }
    void withoutHistoryTheStateNowIsShown() {
        const FleetSnapshot snapshot = sampleSnapshot();
        const Timeline line = timeline(dead(snapshot), nullptr, snapshot.takenAt);
        QCOMPARE(line.spans.size(), size_t(1));
        QVERIFY(line.from < line.to);
    }
    void missingPartBIsSaid() {
        const FleetSnapshot snapshot = sampleSnapshot();
        QVERIFY(notices(*snapshot.source(SourceId(QStringLiteral("par-1"))), nullptr).isEmpty());
        QCOMPARE(notices(*snapshot.source(SourceId(QStringLiteral("legacy"))), nullptr).size(), 2);
        Inspection failed;
        failed.failure = Failure{FailureKind::Timeout, QStringLiteral("too late"), 0, {}, {}, {}};
        QVERIFY(notices(*snapshot.source(SourceId(QStringLiteral("par-1"))), &failed)
                    .first()
                    .contains(QLatin1String("too late")));
    }
    void whatASilentWorkerLastSaidTellsItsAge() {
        const FleetSnapshot snapshot = sampleSnapshot();
        InstanceView view = dead(snapshot);
        view.instance.workerQueueDepth = 3;
        const auto queue = [&view] {
            for (const Figure& figure : figures(view, sampleNow()))
                if (figure.name == QLatin1String("Queue"))
                    return figure.value;
            return QString();
        };
        QVERIFY(view.hasFallenSilent());
        QVERIFY2(queue().endsWith(QLatin1String(" ago: 3")), qPrintable(queue()));
        view.beats.fill(BeatTick::OnTime);
        QCOMPARE(queue(), QStringLiteral("3"));
    }
    void aHoldTellsItsEnd() {
        InstanceView view;
        const auto last = [&view](std::optional<WallTime> until) {
            view.instance.held = Held{QStringLiteral("debugging"), QStringLiteral("ada"), until};
            const Figure figure = figures(view, sampleNow()).back();
            return figure.name + u'=' + figure.value;
        };
        QCOMPARE(last({}), QStringLiteral("Held=by ada: debugging"));
        const WallTime later = sampleNow() + 1h;
        QCOMPARE(last(later), QStringLiteral("Hold ends=") + timeText(later));
        const WallTime before = sampleNow() - 1h;
        QCOMPARE(last(before), QStringLiteral("Hold ended=") + timeText(before));
    }
    void unknownFiguresAreLeftOut() {
        InstanceView view;
        QVERIFY(figures(view, sampleNow()).empty());
        view.instance.workerGpuUtilization = 40;
        bool gpu = false;
        for (const Figure& figure : figures(view, sampleNow()))
            gpu = gpu || figure.value.contains(QLatin1String("40 %"));
        QVERIFY(gpu);
    }
};

QTEST_APPLESS_MAIN(TestInspectorFacts)
#include "tst_inspectorfacts.moc"
