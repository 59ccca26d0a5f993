#pragma once

#include "core/model/fleetsnapshot.h"

#include <QDialog>

#include <functional>

class QLineEdit;
class QListWidget;

namespace vigie {

/// One thing the command palette can do.
struct PaletteEntry {
    QString text;
    QString hint; ///< a key or a kind, at the right
    bool enabled = true;
    std::function<void()> run;
};

/// The entries that fit what was typed: those that begin with it, then those with a word that does,
/// then those that hold all of its letters in order; within that as given. At most `limit`.
std::vector<PaletteEntry> matching(const std::vector<PaletteEntry>& entries, const QString& typed,
                                   int limit);

/// Ctrl+K: go to a panel or an instance, run an action, all by typing.
class Palette final : public QDialog {
    Q_OBJECT
public:
    Palette(std::vector<PaletteEntry> entries, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(const QString& typed);
    void runCurrent();

    std::vector<PaletteEntry> m_entries, m_shown;
    QLineEdit* m_edit;
    QListWidget* m_list;
};

} // namespace vigie
