#pragma once

#include "core/base/clock.h"
#include "ui/dialogs/recoverypreview.h"
#include "ui/models/keyedtablemodel.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace vigie {

class TableView;

/// Manual recovery in three steps: what will be touched and what the orchestrators say to it, five
/// seconds to think again, and what comes of it, item by item, with a way to pause and abort where
/// an orchestrator carries it out. Enter never acts: Cancel is the default and has the focus.
class RecoveryDialog final : public QDialog {
    Q_OBJECT
public:
    static constexpr int secondsToCancel = 5;

    RecoveryDialog(Clock& clock, Action action, std::vector<command::Act::Target> targets,
                   std::function<void(Command)> submit, QWidget* parent = nullptr);
    void render(const SnapshotPtr& snapshot);
    void done(int result) override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Step { Preview, Countdown, Results };
    void confirm();
    void tick();
    void send();
    void undo();
    void choose(Action action);
    void ask();
    void offer();
    void updateWords();
    void showResults();
    QString heading() const;
    static QString progressText(const Operation& operation);
    QString capacityText() const;

    Clock& m_clock;
    std::function<void(Command)> m_submit;
    Action m_action;
    const std::vector<command::Act::Target> m_targets;
    const OperationId m_operation;
    OperationId m_question, m_lastQuestion; ///< to the orchestrators
    Timer m_askAgain;                       ///< what they said grows old
    SnapshotPtr m_snapshot;
    RecoveryPreview m_preview;
    Step m_step = Step::Preview;
    int m_secondsLeft = 0;
    bool m_paused = false; ///< over there
    Timer m_timer;

    KeyedTableModel<RecoveryItem>* m_model;
    TableView* m_table;
    QComboBox* m_choice;
    QLabel* m_heading;
    QLabel* m_capacity;
    QLabel* m_status;
    QLineEdit* m_reason;
    QPushButton* m_confirm;
    QPushButton* m_cancel;
    QPushButton* m_pause;
    QPushButton* m_abort;
};

} // namespace vigie
