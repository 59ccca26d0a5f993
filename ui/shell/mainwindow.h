#pragma once

#include "core/base/clock.h"
#include "ui/dialogs/sourcebook.h"
#include "ui/panels/panel.h"

#include <QMainWindow>
#include <QPointer>

class QDockWidget;
class QStackedWidget;

namespace vigie {

class FilterLine;
class FirstStart;
class RecoveryDialog;
class SideList;
class SourcesDialog;
class StatusStrip;

/// What the window needs from the program around it.
struct WindowContext {
    Clock& clock;
    SourceBook& book;
    std::function<void(Command)> submit;
    std::function<void()> startDemo;   ///< watches the built-in demo fleet
    std::function<void()> switchTheme; ///< light to dark and back
    std::function<void(const QString& language)> switchLanguage; ///< "en" or "fr"
};

/// The frame around the panels of the registry. It knows none of them by name.
class MainWindow final : public QMainWindow, public PanelHost {
    Q_OBJECT
public:
    explicit MainWindow(WindowContext context);
    ~MainWindow() override;

    void show(const SnapshotPtr& snapshot);
    using QWidget::show;
    /// Makes everything anew in the current theme and language; panel and filter stay.
    void rebuild();
    QStringList panelIds() const;
    void closeInspector();

    void submit(Command command) override;
    void inspect(SourceId source, InstanceId instance) override;
    void recover(Action action, std::vector<command::Act::Target> targets) override;
    void showPanel(const QString& panelId, const QString& filter) override;
    void openSourcesDialog() override;

private:
    struct Place {
        PanelDescriptor descriptor;
        Panel* panel = nullptr;
        QString filter;
    };
    void build();
    void addKeys();
    void openPalette();
    void backOut();
    void applyFilter(const QString& text);
    void listen(); ///< to the engine's silence
    Panel* current() const;

    WindowContext m_context;
    std::vector<Place> m_places;
    SnapshotPtr m_snapshot;
    MonotonicTime m_snapshotAt;
    Ticker m_listening;
    QString m_currentId;
    StatusStrip* m_strip = nullptr;
    SideList* m_side = nullptr;
    FilterLine* m_filter = nullptr;
    QStackedWidget* m_stack = nullptr;
    FirstStart* m_firstStart = nullptr;
    QDockWidget* m_dock = nullptr;
    Panel* m_docked = nullptr;
    QPointer<RecoveryDialog> m_recovery;
    QPointer<SourcesDialog> m_sources;
};

} // namespace vigie
