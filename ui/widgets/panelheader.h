#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace vigie {

/// The line above a panel: its title, what is shown (with its unit), and its actions.
class PanelHeader final : public QWidget {
    Q_OBJECT
public:
    explicit PanelHeader(const QString& title, QWidget* parent = nullptr);

    void setDetail(const QString& detail);
    /// A flat button for `action`; it follows the action's text, icon and state.
    QToolButton* addAction(QAction* action, bool withText = false);
    void addWidget(QWidget* widget);

private:
    QLabel* m_detail;
    QHBoxLayout* m_actions;
};

} // namespace vigie
