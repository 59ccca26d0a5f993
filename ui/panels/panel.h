#pragma once

#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace vigie {

/// What a panel may ask of the window around it.
class PanelHost {
public:
    virtual ~PanelHost() = default;
    virtual void submit(Command command) = 0;
    /// Opens the inspector on one instance.
    virtual void inspect(SourceId source, InstanceId instance) = 0;
    /// Opens the recovery dialog for these instances: preview, reason, Cancel by default.
    virtual void recover(Action action, std::vector<command::Act::Target> targets) = 0;
    /// Shows another panel, with an optional filter text.
    virtual void showPanel(const QString& panelId, const QString& filter) = 0;
    virtual void openSourcesDialog() = 0;
};

/// One view of the fleet. It is given snapshots while it is visible, and once when it becomes so.
class Panel : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;
    virtual void render(const SnapshotPtr& snapshot) = 0;
    /// The window's filter line (operator-experience.md); panels without rows ignore it. Returns an
    /// error with its position for the line to show, or an empty text.
    virtual QString setFilter(const QString& text) {
        Q_UNUSED(text);
        return {};
    }
    /// What the filter line says while it is empty: an example of this panel's fields. Empty: this
    /// panel has no rows to filter.
    virtual QString filterHint() const { return {}; }

Q_SIGNALS:
    /// "12 of 44", beside the filter line.
    void filterCount(const QString& text);
};

/// What the side list shows beside a panel's name.
struct PanelCounter {
    QString text; ///< empty: none
    Verdict tone =
        Verdict::Alive; ///< Dead: red tone, Suspect: amber, Unknown: hatched, Alive: quiet
};

struct PanelDescriptor {
    /// Where it stands: in the stack beside the side list, or docked next to whatever is shown.
    enum class Place { Stack, Dock };

    QString id;                     ///< "fleet"
    int order = 0;                  ///< position in the side list and Alt+1..9
    QString icon;                   ///< name in resources/icons
    std::function<QString()> title; ///< translated when called
    std::function<Panel*(PanelHost&, QWidget* parent)> create;
    std::function<PanelCounter(const FleetSnapshot&)> counter;
    Place place = Place::Stack;
};

namespace panels {
/// All panels of this build; generated from the sub-folders.
std::vector<PanelDescriptor> registry();
} // namespace panels

} // namespace vigie
