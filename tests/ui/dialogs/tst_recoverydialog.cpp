#include "tests/support/fakeclock.h"
#include "tests/support/samplesnapshot.h"
#include "ui/dialogs/recoverydialog.h"
#include "ui/widgets/tableview.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

std::vector<command::Act::Target> targets(const FleetSnapshot& snapshot, Verdict verdict) {
    std::vector<command::Act::Target> all;
    for (const auto& view : snapshot.instances)
        if (view->assessment.verdict == verdict)
            all.push_back({view->source, view->instance.id});
    return all;
}

struct Stage {
    FakeClock clock;
    FleetSnapshot snapshot = sampleSnapshot();
    std::vector<Command> sent; ///< that may change something
    std::vector<command::PlanAction> questions;
    RecoveryDialog dialog;

    explicit Stage(Action action = Action::Reinstall, Verdict verdict = Verdict::Dead)
        : dialog(clock, action, targets(snapshot, verdict), [this](Command c) {
              if (const auto* question = std::get_if<command::PlanAction>(&c))
                  questions.push_back(*question);
              else
                  sent.push_back(std::move(c));
          }) {
        show();
        dialog.open();
        dialog.activateWindow();
        if (!QTest::qWaitForWindowActive(&dialog))
            qFatal("the dialog never became active");
    }
    void show() { dialog.render(std::make_shared<const FleetSnapshot>(snapshot)); }
    QPushButton* confirm() const {
        return dialog.findChild<QPushButton*>(QStringLiteral("danger"));
    }
    QPushButton* cancel() const {
        for (auto* button : dialog.findChildren<QPushButton*>())
            if (button != confirm())
                return button;
        return nullptr;
    }
    QLineEdit* reason() const { return dialog.findChild<QLineEdit*>(); }
    const command::Act* act() const {
        return sent.empty() ? nullptr : std::get_if<command::Act>(&sent.back());
    }
};

} // namespace

class TestRecoveryDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void previewSaysWhatIsTouchedAndWhatNot() {
        const FleetSnapshot snapshot = sampleSnapshot();
        auto all = targets(snapshot, Verdict::Dead);
        const auto gone = targets(snapshot, Verdict::Gone);
        all.insert(all.end(), gone.begin(), gone.end());
        all.push_back({SourceId(QStringLiteral("par-1")), InstanceId(QStringLiteral("no-such"))});
        const auto preview = previewRecovery(snapshot, Action::Reinstall, all);
        QCOMPARE(preview.items.size(), all.size());
        QCOMPARE(preview.allowed, 4);
        for (const RecoveryItem& item : preview.items)
            QCOMPARE(item.whyNot.isEmpty(), item.verdict == Verdict::Dead);
        QVERIFY(!preview.items.back().whyNot.isEmpty());
    }
    void instancesOfASilentSourceAreLeftOut() {
        const FleetSnapshot snapshot = sampleSnapshot();
        const auto preview =
            previewRecovery(snapshot, Action::Terminate, targets(snapshot, Verdict::Unknown));
        for (const RecoveryItem& item : preview.items)
            if (item.target.source.value() == QLatin1String("gra-1"))
                QVERIFY(!item.whyNot.isEmpty());
    }
    void capacityCountsWhatStopsServing() {
        const FleetSnapshot snapshot = sampleSnapshot();
        auto serving = targets(snapshot, Verdict::Alive);
        serving.resize(1);
        const auto preview = previewRecovery(snapshot, Action::Terminate, serving);
        QCOMPARE(preview.pools.size(), size_t(1));
        QCOMPARE(preview.pools[0].after, preview.pools[0].before - 1);
        QVERIFY(preview.pools[0].total >= preview.pools[0].before);
        // A dead one serves nobody: ending it costs nothing.
        auto dead = targets(snapshot, Verdict::Dead);
        dead.resize(1);
        const auto lost = previewRecovery(snapshot, Action::Terminate, dead);
        QCOMPARE(lost.pools[0].after, lost.pools[0].before);
    }
    void aVolumeIsNamedAndDeletedAlone() {
        FakeClock clock;
        FleetSnapshot snapshot = sampleSnapshot();
        auto ended = std::make_shared<InstanceView>(*snapshot.instances.front());
        ended->instance.status = InstanceStatus::Terminated;
        ended->freshness = Freshness::Live;
        snapshot.instances.front() = ended;
        for (SourceStatus& source : snapshot.sources) {
            source.freshness = Freshness::Live;
            source.capabilities.actions = source.capabilities.operations = true;
            source.capabilities.allowedActions.assign(allActions.begin(), allActions.end());
        }
        Volume volume;
        volume.id = VolumeId(QStringLiteral("volume-of-an-ended-one"));
        volume.name = QStringLiteral("models");
        volume.sizeGb = 200;
        volume.status = VolumeStatus::Detached;
        auto look = std::make_shared<Inspection>();
        look->source = ended->source;
        look->instance = ended->instance.id;
        look->volumes = {volume};
        snapshot.inspection = look;
        std::vector<Command> sent;
        RecoveryDialog dialog(clock, Action::DeleteVolume,
                              {{ended->source, ended->instance.id, volume.id}},
                              [&sent](Command c) { sent.push_back(std::move(c)); });
        dialog.render(std::make_shared<const FleetSnapshot>(snapshot));

        const auto preview = previewRecovery(snapshot, Action::DeleteVolume,
                                             {{ended->source, ended->instance.id, volume.id}});
        QCOMPARE(preview.allowed, 1);
        QVERIFY(preview.items[0].effect.contains(QLatin1String("models")));
        QVERIFY(preview.items[0].effect.contains(QLatin1String("200 GB")));
        // What is done to instances is not offered for a volume, nor this for an instance.
        QVERIFY(preview.offered == std::vector{Action::DeleteVolume});
        const auto ofInstance =
            previewRecovery(snapshot, Action::Archive, {{ended->source, ended->instance.id}});
        QVERIFY(std::ranges::find(ofInstance.offered, Action::DeleteVolume) ==
                ofInstance.offered.end());

        const auto& question = std::get<command::PlanAction>(sent.front());
        QCOMPARE(question.targets[0].named().value(), volume.id.value());
        dialog.findChild<QLineEdit*>()->setText(QStringLiteral("nobody needs it"));
        dialog.findChild<QPushButton*>(QStringLiteral("danger"))->click();
        clock.advance(std::chrono::seconds(RecoveryDialog::secondsToCancel));
        const auto act = std::ranges::find_if(
            sent, [](const Command& c) { return std::holds_alternative<command::Act>(c); });
        QVERIFY(act != sent.end());
        QVERIFY(std::get<command::Act>(*act).action == Action::DeleteVolume);
        QCOMPARE(std::get<command::Act>(*act).targets[0].named().value(), volume.id.value());
    }
    void cancelIsTheDefaultAndHasTheFocus() {
        Stage stage;
        QVERIFY(stage.cancel()->isDefault());
        QVERIFY(!stage.confirm()->isDefault() && !stage.confirm()->autoDefault());
        QCOMPARE(stage.dialog.focusWidget(), stage.cancel());
    }
    void aReasonIsRequired() {
        Stage stage;
        QVERIFY(!stage.confirm()->isEnabled());
        QTest::keyClicks(stage.reason(), QStringLiteral("   "));
        QVERIFY(!stage.confirm()->isEnabled());
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QVERIFY(stage.confirm()->isEnabled());
    }
    void enterNeverActs() {
        Stage stage;
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QTest::keyClick(stage.reason(), Qt::Key_Return);
        QVERIFY(stage.dialog.isVisible()); // nor does it throw the reason away
        stage.confirm()->setFocus();
        QTest::keyClick(stage.confirm(), Qt::Key_Return);
        stage.clock.advance(1min);
        QVERIFY(stage.sent.empty());
    }
    void nothingIsSentForFiveSeconds() {
        Stage stage;
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QTest::mouseClick(stage.confirm(), Qt::LeftButton);
        stage.clock.advance(4900ms);
        QVERIFY(stage.sent.empty());
        stage.clock.advance(200ms);
        QVERIFY(stage.act());
        QCOMPARE(stage.act()->reason, QStringLiteral("silent"));
        QCOMPARE(stage.act()->targets.size(), size_t(4));
        stage.clock.advance(1min);
        QCOMPARE(stage.sent.size(), size_t(1));
    }
    void ctrlZTakesItBack() {
        Stage stage;
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QTest::mouseClick(stage.confirm(), Qt::LeftButton);
        stage.clock.advance(3s);
        QTest::keyClick(&stage.dialog, Qt::Key_Z, Qt::ControlModifier);
        stage.clock.advance(1min);
        QVERIFY(stage.sent.empty());
        QVERIFY(stage.dialog.isVisible());
        QVERIFY(stage.confirm()->isVisible());
    }
    void closingWhileItCountsTakesItBack() {
        Stage stage;
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QTest::mouseClick(stage.confirm(), Qt::LeftButton);
        stage.clock.advance(2s);
        QTest::keyClick(&stage.dialog, Qt::Key_Escape);
        stage.clock.advance(1min);
        QVERIFY(stage.sent.empty());
    }
    void whatChangedMeanwhileIsNotSent() {
        Stage stage;
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QTest::mouseClick(stage.confirm(), Qt::LeftButton);
        for (auto& view : stage.snapshot.instances)
            if (view->assessment.verdict == Verdict::Dead) {
                auto changed = *view;
                changed.instance.status = InstanceStatus::Terminating;
                view = std::make_shared<const InstanceView>(changed);
                break;
            }
        stage.show();
        stage.clock.advance(6s);
        QCOMPARE(stage.act()->targets.size(), size_t(3));
    }
    void resultsComePerItem() {
        Stage stage;
        QTest::keyClicks(stage.reason(), QStringLiteral("silent"));
        QTest::mouseClick(stage.confirm(), Qt::LeftButton);
        stage.clock.advance(6s);
        Operation operation;
        operation.id = stage.act()->id;
        for (const auto& target : stage.act()->targets)
            operation.items.push_back({target.source, target.instance, ItemState::Done, {}});
        operation.items[1].state = ItemState::Failed;
        operation.items[1].message = QStringLiteral("409 blast radius");
        operation.finished = true;
        stage.snapshot.operations = {operation};
        stage.show();
        const auto* model = stage.dialog.findChild<TableView*>()->model();
        const int column = model->columnCount() - 1;
        QCOMPARE(model->index(0, column).data().toString(), QStringLiteral("accepted"));
        QVERIFY(model->index(1, column).data().toString().contains(QLatin1String("409")));
        QCOMPARE(stage.cancel()->text(), QStringLiteral("Close"));
    }

    void theOrchestratorsWordCountsMore() {
        Stage stage;
        QCOMPARE(stage.questions.size(), 1U);
        const auto asked = stage.questions.back();
        QVERIFY(asked.action == Action::Reinstall);
        ActionPreview said;
        said.id = asked.id;
        for (const auto& target : asked.targets)
            said.items.push_back({target.source, target.instance, false,
                                  QStringLiteral("storm brake"), QStringLiteral("8 of 10"), false});
        said.capacities.push_back({asked.targets.front().source, 8, 7, 6, 20, 18});
        stage.snapshot.actionPreview = std::make_shared<const ActionPreview>(said);
        stage.show();
        stage.reason()->setText(QStringLiteral("because"));
        QVERIFY(!stage.confirm()->isEnabled());
        const auto preview =
            previewRecovery(stage.snapshot, Action::Reinstall, asked.targets, asked.id);
        QCOMPARE(preview.allowed, 0);
        QVERIFY(preview.items.front().whyNot.contains(QLatin1String("8 of 10")));
        QVERIFY(preview.capacity.contains(QLatin1String("at least 6 meanwhile")));
        // The answer to another question counts for nothing.
        QVERIFY(previewRecovery(stage.snapshot, Action::Reinstall, asked.targets,
                                OperationId(QStringLiteral("other")))
                    .allowed > 0);
        stage.clock.advance(20s);
        QCOMPARE(stage.questions.size(), 2U); // what was said grows old
    }

    void onlyWhatTheOrchestratorsOffer() {
        FleetSnapshot snapshot = sampleSnapshot();
        const auto all = targets(snapshot, Verdict::Dead);
        for (SourceStatus& source : snapshot.sources) {
            source.capabilities.operations = false;
            source.capabilities.allowedActions.clear();
        }
        const auto partA = previewRecovery(snapshot, Action::Replace, all);
        QCOMPARE(partA.allowed, 0);
        QVERIFY(partA.items.front().whyNot.contains(QLatin1String("part A")));
        QCOMPARE(partA.offered.size(), 4U); // its three, and the one that was chosen
        for (SourceStatus& source : snapshot.sources) {
            source.capabilities.operations = true;
            source.capabilities.allowedActions.assign(allActions.begin(), allActions.end());
        }
        const auto partB = previewRecovery(snapshot, Action::Replace, all);
        QVERIFY(partB.allowed > 0);
        QCOMPARE(partB.offered.size(), allActions.size() - 1); // volumes are no instances
    }

    void progressCanBePausedAndAborted() {
        Stage stage;
        stage.reason()->setText(QStringLiteral("because"));
        stage.confirm()->click();
        stage.clock.advance(std::chrono::seconds(RecoveryDialog::secondsToCancel));
        const command::Act* act = stage.act();
        QVERIFY(act);
        Operation operation;
        operation.id = act->id;
        operation.remote = true;
        for (const auto& target : act->targets)
            operation.items.push_back({target.source, target.instance, ItemState::Running, {}});
        const auto button = [&](const char* text) -> QPushButton* {
            for (auto* each : stage.dialog.findChildren<QPushButton*>())
                if (each->text() == QLatin1String(text) && each->isVisible())
                    return each;
            return nullptr;
        };
        stage.snapshot.operations = {operation};
        stage.show();
        QVERIFY(button("Pause") && button("Abort"));
        button("Pause")->click();
        const auto* control = std::get_if<command::ControlOperation>(&stage.sent.back());
        QVERIFY(control && control->id == operation.id);
        QVERIFY(control->verb == command::OperationVerb::Pause);
        operation.paused = true;
        stage.snapshot.operations = {operation};
        stage.show();
        QVERIFY(button("Resume"));
        operation.paused = false;
        operation.finished = true;
        stage.snapshot.operations = {operation};
        stage.show();
        QVERIFY(!button("Resume") && !button("Pause") && !button("Abort"));
    }
};

QTEST_MAIN(TestRecoveryDialog)
#include "tst_recoverydialog.moc"
