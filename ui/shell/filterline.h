#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace vigie {

/// The window's filter: one line, applied while it is typed; a mistake is shown under its place.
class FilterLine final : public QWidget {
    Q_OBJECT
public:
    explicit FilterLine(QWidget* parent = nullptr);

    QString text() const;
    void setText(const QString& text);
    /// An empty hint disables the line: this panel has nothing to filter.
    void setHint(const QString& hint);
    void showError(const QString& error);
    void showCount(const QString& count);
    void take(); ///< the keyboard, with all of the text selected

Q_SIGNALS:
    void changed(const QString& text);
    void left(); ///< Enter, Down or Esc: the keyboard goes back to the panel

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLineEdit* m_edit;
    QLabel* m_count;
    QLabel* m_error;
};

} // namespace vigie
