#pragma once

#include "ui/panels/inspector/inspectorfacts.h"
#include "ui/panels/panel.h"

class QLabel;
class QMenu;
class QPushButton;
class QStackedLayout;
class QVBoxLayout;

namespace vigie {
class EmptyState;
class ShapeLabel;
} // namespace vigie

namespace vigie::panels::inspector {

class BeatsView;
class FactGrid;
class TimelineStrip;

/// Everything about one instance, docked beside the panels.
class InspectorPanel final : public Panel {
    Q_OBJECT
public:
    InspectorPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

private:
    void buildHead(QVBoxLayout& column);
    void buildVerdict(QVBoxLayout& column);
    void buildBody(QVBoxLayout& column);
    void buildActions(QVBoxLayout& column);
    void section(QVBoxLayout& column, const QString& title, QWidget* content);
    void showVerdict(const InstanceView& view);
    void showLooks(const InstanceView& view, const Inspection* look, WallTime now);
    void showActions(const InstanceView& view, const SourceStatus* source);
    void showVolumeChoice(const InstanceView& view, const SourceStatus* source,
                          const std::vector<Volume>& volumes);

    PanelHost& m_host;
    SourceId m_source;
    InstanceId m_instance;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    ShapeLabel *m_verdict, *m_state;
    QLabel *m_id, *m_rule, *m_blocked, *m_beatsText, *m_notices;
    FactGrid *m_witnesses, *m_figures, *m_volumes, *m_log;
    TimelineStrip* m_timeline;
    BeatsView* m_beats;
    QList<std::pair<Action, QPushButton*>> m_actions;
    QLabel* m_whyNot;
    QPushButton* m_deleteVolume;
    QMenu* m_volumeChoice;
    QStringList m_choices; ///< that the menu shows
};

} // namespace vigie::panels::inspector
