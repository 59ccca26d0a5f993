#pragma once

#include <QWidget>

namespace vigie {

/// What a newcomer sees: nothing is watched yet; watch the demo fleet, or add an orchestrator.
class FirstStart final : public QWidget {
    Q_OBJECT
public:
    explicit FirstStart(QWidget* parent = nullptr);

Q_SIGNALS:
    void demoWanted();
    void sourcesWanted();
};

} // namespace vigie
