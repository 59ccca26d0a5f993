#pragma once

#include "ui/panels/panel.h"

namespace vigie {

/// The list of panels at the left, each with its counter and its Alt+number key.
class SideList final : public QWidget {
    Q_OBJECT
public:
    SideList(const std::vector<PanelDescriptor>& panels, QWidget* parent = nullptr);

    void setCurrent(const QString& panelId);
    void showCounters(const FleetSnapshot& snapshot);

Q_SIGNALS:
    void chosen(const QString& panelId);

private:
    class Entry;
    std::vector<PanelDescriptor> m_panels;
    QList<Entry*> m_entries;
};

} // namespace vigie
