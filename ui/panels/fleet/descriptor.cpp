#include "ui/models/words.h"
#include "ui/panels/fleet/fleetpanel.h"

#include <QCoreApplication>

namespace vigie::panels::fleet {

PanelDescriptor descriptor() {
    PanelDescriptor panel;
    panel.id = panel.icon = QStringLiteral("fleet");
    panel.order = 2;
    panel.title = [] { return QCoreApplication::translate("Fleet", "Fleet"); };
    panel.create = [](PanelHost& host, QWidget* parent) -> Panel* {
        return new FleetPanel(host, parent);
    };
    panel.counter = [](const FleetSnapshot& snapshot) {
        int worst[3] = {0, 0, 0};
        for (const auto& view : snapshot.instances)
            if (const int place = urgency(*view); place < 3)
                ++worst[place];
        PanelCounter counter;
        const Verdict tones[] = {Verdict::Dead, Verdict::Suspect, Verdict::Unknown};
        for (int i = 0; i < 3; ++i)
            if (worst[i] > 0) {
                counter.text = countText(worst[i]);
                counter.tone = tones[i];
                break;
            }
        return counter;
    };
    return panel;
}

} // namespace vigie::panels::fleet
