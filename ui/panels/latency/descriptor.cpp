#include "ui/panels/latency/latencypanel.h"

#include <QCoreApplication>

namespace vigie::panels::latency {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("latency");
    panel.order = 4;
    panel.title = [] { return QCoreApplication::translate("Latency", "Latency"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new LatencyPanel(host, parent);
    };
    return panel;
}

} // namespace vigie::panels::latency
