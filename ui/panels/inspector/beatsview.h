#pragma once

#include "ui/charts/heartbeatstrip.h"

#include <QWidget>

namespace vigie::panels::inspector {

/// The heartbeat strip at full width.
class BeatsView final : public QWidget {
    Q_OBJECT
public:
    explicit BeatsView(QWidget* parent = nullptr);
    void set(const BeatTicks& beats, bool stale);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    BeatTicks m_beats{};
    bool m_stale = false;
};

} // namespace vigie::panels::inspector
