#include "ui/models/words.h"
#include "ui/panels/overview/overviewpanel.h"

#include <QCoreApplication>

namespace vigie::panels::overview {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("overview");
    panel.order = 1;
    panel.title = [] { return QCoreApplication::translate("Overview", "Overview"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new OverviewPanel(host, parent);
    };
    panel.counter = [](const FleetSnapshot& snapshot) {
        const auto all = problems(snapshot);
        PanelCounter counter;
        if (!all.empty()) {
            counter.text = countText(static_cast<qint64>(all.size()));
            counter.tone = all.front().rank <= 2 ? Verdict::Dead : Verdict::Suspect;
        }
        return counter;
    };
    return panel;
}

} // namespace vigie::panels::overview
