#include "tests/support/fakeclock.h"
#include "tests/support/samplesnapshot.h"
#include "ui/dialogs/recoverydialog.h"
#include "ui/dialogs/sourcesdialog.h"
#include "ui/shell/filterline.h"
#include "ui/shell/firststart.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tableview.h"

#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTranslator>
#include <QtTest>

using namespace vigie;

namespace {

class NoBook final : public SourceBook {
public:
    std::vector<SourceConfig> sources() const override { return {}; }
    void save(const SourceConfig&, std::function<void(SecretFate, const QString&)> done) override {
        done(SecretFate::None, {});
    }
    void remove(const SourceId&) override {}
};

struct Stage {
    FakeClock clock;
    NoBook book;
    std::vector<Command> sent;
    int demos = 0;
    MainWindow window{WindowContext{clock, book,
                                    [this](Command c) { sent.push_back(std::move(c)); },
                                    [this] { ++demos; }, [] {}, [](const QString&) {}}};

    explicit Stage(const FleetSnapshot& snapshot = sampleSnapshot()) {
        window.show(std::make_shared<const FleetSnapshot>(snapshot));
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window) || true);
    }
    TableView* table(const char* name) const {
        for (auto* view : window.findChildren<TableView*>())
            if (view->accessibleName() == QLatin1String(name))
                return view;
        return nullptr;
    }
    QLineEdit* filter() const { return window.findChild<QLineEdit*>(QStringLiteral("filter")); }
    QDockWidget* dock() const { return window.findChild<QDockWidget*>(); }
};

template <typename T>
const T* lastOf(const std::vector<Command>& sent) {
    return sent.empty() ? nullptr : std::get_if<T>(&sent.back());
}

} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme(Theme::Mode::Dark).apply(*qApp); }

    void showsEveryPanelOfTheRegistry() {
        Stage stage;
        const QStringList ids = stage.window.panelIds();
        QCOMPARE(ids, (QStringList{QStringLiteral("overview"), QStringLiteral("fleet"),
                                   QStringLiteral("breakers"), QStringLiteral("latency"),
                                   QStringLiteral("alerts"), QStringLiteral("log")}));
        for (const QString& id : ids)
            stage.window.showPanel(id, {});
    }

    void altNumberShowsPanels() {
        Stage stage;
        auto* fleet = stage.table("Fleet");
        QVERIFY(!fleet->isVisible());
        QTest::keyClick(&stage.window, Qt::Key_2, Qt::AltModifier);
        QVERIFY(fleet->isVisible());
        QTest::keyClick(&stage.window, Qt::Key_1, Qt::AltModifier);
        QVERIFY(!fleet->isVisible());
    }

    void filterNarrowsAndSaysWhereItErrs() {
        Stage stage;
        stage.window.showPanel(QStringLiteral("fleet"), {});
        auto* fleet = stage.table("Fleet");
        const int all = fleet->model()->rowCount();
        QTest::keyClick(&stage.window, Qt::Key_Slash);
        QVERIFY(stage.filter()->hasFocus());
        QTest::keyClicks(stage.filter(), QStringLiteral("verdict:dead"));
        QCOMPARE(fleet->model()->rowCount(), 4);
        stage.filter()->setText(QStringLiteral("verdict:dead gpuu>3"));
        auto* error = stage.window.findChild<QLabel*>(QStringLiteral("error"));
        QVERIFY(error->isVisible());
        QVERIFY2(error->text().startsWith(QLatin1String("14: ")), qPrintable(error->text()));
        QCOMPARE(fleet->model()->rowCount(), 4); // the last good filter stays
        QTest::keyClick(stage.filter(), Qt::Key_Escape);
        QCOMPARE(fleet->model()->rowCount(), all);
        QVERIFY(!error->isVisible());
    }

    void spaceMarksAndEnterInspects() {
        Stage stage;
        stage.window.showPanel(QStringLiteral("fleet"), {});
        auto* fleet = stage.table("Fleet");
        auto* model = qobject_cast<TableModel*>(fleet->model());
        fleet->setFocus();
        fleet->setCurrentIndex(model->index(0, 1));
        QTest::keyClick(fleet, Qt::Key_Space);
        QTest::keyClick(fleet, Qt::Key_Space);
        QCOMPARE(model->marks().size(), 2);
        QTest::keyClick(fleet, Qt::Key_Return);
        const auto* inspect = lastOf<command::Inspect>(stage.sent);
        QVERIFY(inspect);
        QCOMPARE(inspect->source.value() + QLatin1Char('/') + inspect->instance.value(),
                 model->keyAt(2));
        QVERIFY(stage.dock()->isVisible());
        QTest::keyClick(&stage.window, Qt::Key_Escape);
        QVERIFY(!stage.dock()->isVisible());
        QVERIFY(lastOf<command::StopInspecting>(stage.sent));
    }

    void marksAndPlaceSurviveNewSnapshots() {
        Stage stage;
        stage.window.showPanel(QStringLiteral("fleet"), {});
        auto* fleet = stage.table("Fleet");
        auto* model = qobject_cast<TableModel*>(fleet->model());
        fleet->setCurrentIndex(model->index(5, 1));
        const QString key = fleet->currentKey();
        model->toggleMark(5);
        FleetSnapshot next = sampleSnapshot();
        next.takenAt += std::chrono::seconds(30);
        next.instances.erase(next.instances.begin());
        stage.window.show(std::make_shared<const FleetSnapshot>(next));
        QCOMPARE(fleet->currentKey(), key);
        QVERIFY(model->isMarked(key));
    }

    void f5PollsAndPaletteGoesToAPanel() {
        Stage stage;
        QTest::keyClick(&stage.window, Qt::Key_F5);
        QVERIFY(lastOf<command::PollNow>(stage.sent));
        QTest::keyClick(&stage.window, Qt::Key_K, Qt::ControlModifier);
        auto* palette = stage.window.findChild<Palette*>();
        QVERIFY(palette);
        QTest::keyClicks(palette->findChild<QLineEdit*>(), QStringLiteral("flee"));
        QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
        QVERIFY(stage.table("Fleet")->isVisible());
    }

    void recoveryIsAskedForTheMarkedRows() {
        Stage stage;
        stage.window.showPanel(QStringLiteral("fleet"), QStringLiteral("verdict:dead"));
        auto* fleet = stage.table("Fleet");
        auto* model = qobject_cast<TableModel*>(fleet->model());
        for (int row = 0; row < model->rowCount(); ++row)
            model->toggleMark(row);
        for (QAction* action : fleet->actions())
            if (action->text() == QStringLiteral("Reinstall…"))
                action->trigger();
        auto* dialog = stage.window.findChild<RecoveryDialog*>();
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<TableView*>()->model()->rowCount(), 4);
        dialog->reject();
    }

    void nothingWatchedShowsTheFirstStart() {
        FleetSnapshot nothing;
        nothing.takenAt = sampleNow();
        Stage stage(nothing);
        auto* first = stage.window.findChild<FirstStart*>();
        QVERIFY(first->isVisible());
        for (auto* button : first->findChildren<QPushButton*>())
            if (button->objectName() == QLatin1String("primary"))
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(stage.demos, 1);
        stage.window.show(std::make_shared<const FleetSnapshot>(sampleSnapshot()));
        QVERIFY(!first->isVisible());
    }

    /// Screenshots for people, when VIGIE_SCREENS names a folder: every panel, theme and language.
    void screens() {
        const QString folder = qEnvironmentVariable("VIGIE_SCREENS");
        if (folder.isEmpty())
            QSKIP("VIGIE_SCREENS is not set");
        QDir().mkpath(folder);
        const bool french = qEnvironmentVariable("VIGIE_LANG") == QLatin1String("fr");
        QTranslator translator;
        QVERIFY(translator.load(french ? QStringLiteral(":/vigie/translations/vigie_fr.qm")
                                       : QStringLiteral(":/vigie/translations/vigie_en.qm")));
        qApp->installTranslator(&translator);
        if (french)
            QLocale::setDefault(QLocale(QLocale::French));
        for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
            Theme(mode).apply(*qApp);
            for (const QSize& size : {QSize(1280, 800), QSize(1920, 1080)}) {
                Stage stage;
                stage.window.resize(size);
                const auto look = sampleSnapshot().inspection;
                const auto save = [&](const QString& name) {
                    QCoreApplication::processEvents();
                    stage.window.grab().save(QStringLiteral("%1/%2-%3-%4%5.png")
                                                 .arg(folder, name)
                                                 .arg(size.width())
                                                 .arg(mode == Theme::Mode::Dark
                                                          ? QStringLiteral("dark")
                                                          : QStringLiteral("light"),
                                                      french ? QStringLiteral("-fr") : QString()));
                };
                for (const QString& id : stage.window.panelIds()) {
                    stage.window.showPanel(id, {});
                    if (size.width() > 1500)
                        stage.window.inspect(look->source, look->instance);
                    save(id);
                }
                if (size.width() > 1500)
                    continue;
                stage.window.showPanel(QStringLiteral("fleet"), QStringLiteral("zone:fr gpuu>3"));
                stage.window.inspect(look->source, look->instance);
                save(QStringLiteral("inspector"));
                std::vector<command::Act::Target> targets;
                for (const auto& view : sampleSnapshot().instances)
                    if (view->assessment.verdict != Verdict::Alive)
                        targets.push_back({view->source, view->instance.id});
                stage.window.recover(Action::Reinstall, targets);
                QCoreApplication::processEvents();
                const QString tail = QStringLiteral("-%1%2.png")
                                         .arg(mode == Theme::Mode::Dark ? QStringLiteral("dark")
                                                                        : QStringLiteral("light"),
                                              french ? QStringLiteral("-fr") : QString());
                auto* recovery = stage.window.findChild<RecoveryDialog*>();
                recovery->grab().save(folder + QStringLiteral("/recovery") + tail);
                recovery->reject();
                stage.window.openSourcesDialog();
                QCoreApplication::processEvents();
                auto* sources = stage.window.findChild<SourcesDialog*>();
                sources->grab().save(folder + QStringLiteral("/sources") + tail);
                sources->reject();
                FleetSnapshot nothing;
                nothing.takenAt = sampleNow();
                stage.window.show(std::make_shared<const FleetSnapshot>(nothing));
                save(QStringLiteral("firststart"));
            }
        }
        qApp->removeTranslator(&translator);
        QLocale::setDefault(QLocale::c());
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
