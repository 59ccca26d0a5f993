#pragma once

#include "tests/integration/engineobserver.h"
#include "tests/support/fakeclock.h"
#include "ui/dialogs/recoverydialog.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace vigie {

/// The dashboard's window on an engine, driven as a person drives it: by clicks and keys on what is
/// visible and enabled.
class WindowDriver {
public:
    explicit WindowDriver(EngineObserver& engine)
        : m_window({m_clock, m_book, [&engine](Command command) { engine.submit(command); }, [] {},
                    [] {}, [](const QString&) {}}) {
        engine.onSnapshot = [this](const SnapshotPtr& snapshot) { m_window.show(snapshot); };
        m_window.resize(1280, 800);
        m_window.show();
    }

    MainWindow& window() { return m_window; }
    FakeClock& clock() { return m_clock; }

    /// Null when there is none that could be clicked.
    template <typename Button>
    Button* button(const QString& text, QWidget* within = nullptr) {
        for (Button* button : (within ? within : &m_window)->template findChildren<Button*>()) {
            if (button->isVisible() && button->isEnabled() &&
                (button->text().remove(QLatin1Char('&')).startsWith(text) ||
                 button->accessibleName().startsWith(text)))
                return button;
        }
        return nullptr;
    }

    QAbstractItemView* table(const QString& accessibleName) {
        for (auto* candidate : m_window.findChildren<QAbstractItemView*>()) {
            if (candidate->isVisible() && candidate->accessibleName() == accessibleName)
                return candidate;
        }
        return nullptr;
    }

    /// Everything that can be read in a table, a line for each row.
    static QString textOf(const QAbstractItemView& table) {
        QStringList lines;
        const QAbstractItemModel& model = *table.model();
        for (int row = 0; row < model.rowCount(); ++row) {
            QStringList cells;
            for (int column = 0; column < model.columnCount(); ++column)
                cells << model.index(row, column).data().toString();
            lines << cells.join(QStringLiteral(" | "));
        }
        return lines.join(QLatin1Char('\n'));
    }

    /// All words of the visible labels.
    QString labels() {
        QStringList texts;
        for (const QLabel* label : m_window.findChildren<QLabel*>()) {
            if (label->isVisible())
                texts << label->text();
        }
        return texts.join(QLatin1Char('\n'));
    }

    /// Selects the one row that `filter` leaves in the fleet table.
    bool select(const QString& filter) {
        m_window.showPanel(QStringLiteral("fleet"), filter);
        QAbstractItemView* fleet = table(QStringLiteral("Fleet"));
        if (!fleet || fleet->model()->rowCount() != 1)
            return false;
        const QRect cell = fleet->visualRect(fleet->model()->index(0, 1));
        if (!fleet->viewport()->rect().contains(cell.center()))
            return false;
        QTest::mouseClick(fleet->viewport(), Qt::LeftButton, {}, cell.center());
        return fleet->selectionModel()->hasSelection();
    }

    /// Asks for an action on what is selected: opens the dialog, gives the reason, confirms, and
    /// lets the seconds in which it could be cancelled go by.
    bool recover(const QString& action, const QString& reason) {
        auto* ask = button<QToolButton>(action);
        if (!ask)
            return false;
        QTest::mouseClick(ask, Qt::LeftButton);
        RecoveryDialog* dialog = nullptr;
        if (!QTest::qWaitFor([&] {
                dialog = m_window.findChild<RecoveryDialog*>();
                return dialog && dialog->isVisible();
            }))
            return false;
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), reason);
        auto* confirm = button<QPushButton>(action, dialog);
        if (!confirm)
            return false;
        QTest::mouseClick(confirm, Qt::LeftButton);
        m_clock.advance(std::chrono::seconds(RecoveryDialog::secondsToCancel));
        return true;
    }

    bool closeDialog() {
        if (auto* dialog = m_window.findChild<RecoveryDialog*>())
            dialog->close();
        return QTest::qWaitFor([this] { return !m_window.findChild<RecoveryDialog*>(); });
    }

    int pixelsOf(const QColor& colour) {
        const QImage image = m_window.grab().toImage();
        int count = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                count += image.pixelColor(x, y) == colour;
        }
        return count;
    }

private:
    class EmptyBook final : public SourceBook {
    public:
        std::vector<SourceConfig> sources() const override { return {}; }
        void save(const SourceConfig&, std::function<void(SecretFate, const QString&)>) override {}
        void remove(const SourceId&) override {}
    };

    FakeClock m_clock;
    EmptyBook m_book;
    MainWindow m_window;
};

} // namespace vigie
