#include "ui/shell/palette.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace vigie {

namespace {

constexpr int hintRole = Qt::UserRole;

/// 0: best; -1: doesn't fit.
int rank(const QString& text, const QString& typed) {
    if (typed.isEmpty() || text.startsWith(typed, Qt::CaseInsensitive))
        return 0;
    if (text.contains(QLatin1Char(' ') + typed, Qt::CaseInsensitive))
        return 1;
    if (text.contains(typed, Qt::CaseInsensitive))
        return 2;
    qsizetype at = 0;
    for (const QChar letter : typed) {
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at++ < 0)
            return -1;
    }
    return 3;
}

class HintDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        painter->setFont(Theme::current().font(TextStyle::Secondary));
        painter->setPen(Theme::current().color(Token::SecondaryText));
        painter->drawText(option.rect.adjusted(8, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter,
                          index.data(hintRole).toString());
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return QSize(100, Theme::size(Size::Row) + 2);
    }
};

} // namespace

std::vector<PaletteEntry> matching(const std::vector<PaletteEntry>& entries, const QString& typed,
                                   int limit) {
    std::vector<PaletteEntry> found;
    for (int wanted = 0; wanted <= 3; ++wanted)
        for (const PaletteEntry& entry : entries) {
            if (static_cast<int>(found.size()) >= limit)
                return found;
            if (rank(entry.text, typed.trimmed()) == wanted)
                found.push_back(entry);
        }
    return found;
}

Palette::Palette(std::vector<PaletteEntry> entries, QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint), m_entries(std::move(entries)),
      m_edit(new QLineEdit(this)), m_list(new QListWidget(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Command palette"));
    m_edit->setPlaceholderText(tr("Go to a panel or an instance, or run an action"));
    m_edit->setAccessibleName(m_edit->placeholderText());
    m_edit->installEventFilter(this);
    m_list->setItemDelegate(new HintDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("Matches"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_edit);
    column->addWidget(m_list);
    resize(560, 400);
    if (parent)
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 80)));
    connect(m_edit, &QLineEdit::textChanged, this, &Palette::show);
    connect(m_list, &QListWidget::itemClicked, this, &Palette::runCurrent);
    show(QString());
    m_edit->setFocus();
}

void Palette::show(const QString& typed) {
    m_shown = matching(m_entries, typed, 60);
    m_list->clear();
    for (const PaletteEntry& entry : m_shown) {
        auto* item = new QListWidgetItem(entry.text, m_list);
        item->setData(hintRole, entry.hint);
        if (!entry.enabled)
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    m_list->setCurrentRow(0);
}

void Palette::runCurrent() {
    const int row = m_list->currentRow();
    if (row < 0 || !m_shown[static_cast<size_t>(row)].enabled)
        return;
    const auto run = m_shown[static_cast<size_t>(row)].run;
    close();
    run();
}

bool Palette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            runCurrent();
            return true;
        }
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up ||
            key->key() == Qt::Key_PageDown || key->key() == Qt::Key_PageUp) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace vigie
