#include "ui/panels/inspector/beatsview.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace vigie::panels::inspector {

BeatsView::BeatsView(QWidget* parent) : QWidget(parent) {
    setFixedHeight(22);
}

void BeatsView::set(const BeatTicks& beats, bool stale) {
    m_beats = beats;
    m_stale = stale;
    setToolTip(heartbeatStripText(beats));
    setAccessibleName(heartbeatStripText(beats));
    update();
}

void BeatsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintHeartbeatStrip(painter, rect(), m_beats, Theme::current(), m_stale);
}

} // namespace vigie::panels::inspector
