#include "ui/models/words.h"
#include "ui/panels/breakers/breakerpanel.h"

#include <QCoreApplication>

namespace vigie::panels::breakers {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("breakers");
    panel.order = 3;
    panel.title = [] { return QCoreApplication::translate("Breakers", "Breakers"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new BreakerPanel(host, parent);
    };
    panel.counter = [](const FleetSnapshot& snapshot) {
        int open = 0, halfOpen = 0;
        for (const BreakerRow& row : rows(snapshot)) {
            open += urgency(row.breaker) < 2 ? 1 : 0;
            halfOpen += urgency(row.breaker) == 2 ? 1 : 0;
        }
        PanelCounter counter;
        if (open + halfOpen > 0)
            counter.text = countText(open + halfOpen);
        counter.tone = open > 0 ? Verdict::Dead : Verdict::Suspect;
        return counter;
    };
    return panel;
}

} // namespace vigie::panels::breakers
