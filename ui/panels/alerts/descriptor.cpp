#include "ui/models/words.h"
#include "ui/panels/alerts/alertpanel.h"

#include <QCoreApplication>

namespace vigie::panels::alerts {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("alerts");
    panel.order = 5;
    panel.title = [] { return QCoreApplication::translate("Alerts", "Alerts"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new AlertPanel(host, parent);
    };
    panel.counter = [](const FleetSnapshot& snapshot) {
        int firing = 0;
        bool critical = false;
        for (const Alert& alert : snapshot.alerts)
            if (alert.state == AlertState::Firing) {
                ++firing;
                critical = critical || alert.severity == Severity::Critical;
            }
        PanelCounter counter;
        counter.text = firing > 0 ? countText(firing) : QString();
        counter.tone = critical ? Verdict::Dead : Verdict::Suspect;
        return counter;
    };
    return panel;
}

} // namespace vigie::panels::alerts
