#include "ui/models/words.h"
#include "ui/panels/log/logpanel.h"

#include <QCoreApplication>

namespace vigie::panels::log {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("log");
    panel.order = 6;
    panel.title = [] { return QCoreApplication::translate("Log", "Log"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new LogPanel(host, parent);
    };
    return panel;
}

} // namespace vigie::panels::log
