#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace vigie {

/// What stands where rows would be: one sentence that says why there are none, and one next step.
class EmptyState final : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);

    /// An empty `step` shows no button.
    void show(const QString& sentence, const QString& step, std::function<void()> action);
    QString sentence() const;

private:
    QLabel* m_icon;
    QLabel* m_sentence;
    QPushButton* m_step;
    std::function<void()> m_action;
};

} // namespace vigie
