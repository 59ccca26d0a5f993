#include "ui/shell/filterline.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QVBoxLayout>

namespace vigie {

FilterLine::FilterLine(QWidget* parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_count(new QLabel(this)),
      m_error(new QLabel(this)) {
    m_edit->setObjectName(QStringLiteral("filter"));
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setClearButtonEnabled(true);
    m_edit->addAction(Theme::current().icon(QStringLiteral("filter"), Token::SecondaryText),
                      QLineEdit::LeadingPosition);
    m_edit->installEventFilter(this);
    m_count->setObjectName(QStringLiteral("secondary"));
    m_error->setObjectName(QStringLiteral("error"));
    m_error->setAccessibleName(tr("Filter error"));
    m_error->hide();
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_edit, 1);
    line->addWidget(m_count);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 4);
    column->setSpacing(2);
    column->addLayout(line);
    column->addWidget(m_error);
    connect(m_edit, &QLineEdit::textChanged, this, &FilterLine::changed);
}

QString FilterLine::text() const {
    return m_edit->text();
}

void FilterLine::setText(const QString& text) {
    m_edit->setText(text);
}

void FilterLine::setHint(const QString& hint) {
    m_edit->setPlaceholderText(hint);
    setVisible(!hint.isEmpty());
}

void FilterLine::showError(const QString& error) {
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty());
    m_edit->setProperty("invalid", !error.isEmpty());
    m_edit->style()->unpolish(m_edit);
    m_edit->style()->polish(m_edit);
}

void FilterLine::showCount(const QString& count) {
    m_count->setText(count);
}

void FilterLine::take() {
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

bool FilterLine::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape && !m_edit->text().isEmpty()) {
            m_edit->clear();
            return true;
        }
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter ||
            key == Qt::Key_Down) {
            Q_EMIT left();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace vigie
