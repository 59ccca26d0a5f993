#include "ui/panels/inspector/inspectorpanel.h"

#include <QCoreApplication>

namespace vigie::panels::inspector {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("inspector");
    panel.order = 100;
    panel.title = [] { return QCoreApplication::translate("Inspector", "Inspector"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new InspectorPanel(host, parent);
    };
    panel.place = PanelDescriptor::Place::Dock;
    return panel;
}

} // namespace vigie::panels::inspector
