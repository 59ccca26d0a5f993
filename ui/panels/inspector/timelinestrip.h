#pragma once

#include "ui/panels/inspector/inspectorfacts.h"

#include <QWidget>

namespace vigie::panels::inspector {

/// The states of an instance and what was done to it, on one time axis.
class TimelineStrip final : public QWidget {
    Q_OBJECT
public:
    explicit TimelineStrip(QWidget* parent = nullptr);
    void set(const Timeline& timeline, bool stale);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; ///< tool tips of spans and moments

private:
    qreal xOf(WallTime at) const;

    Timeline m_timeline;
    bool m_stale = false;
};

} // namespace vigie::panels::inspector
