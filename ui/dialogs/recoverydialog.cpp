#include "ui/dialogs/recoverydialog.h"

#include "ui/models/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tableview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace vigie {

RecoveryDialog::RecoveryDialog(Clock& clock, Action action,
                               std::vector<command::Act::Target> targets,
                               std::function<void(Command)> submit, QWidget* parent)
    : QDialog(parent), m_clock(clock), m_submit(std::move(submit)), m_action(action),
      m_targets(std::move(targets)), m_operation(newUuid()),
      m_model(new KeyedTableModel<RecoveryItem>(recoveryColumns(), this)),
      m_table(new TableView(*m_model, tr("Instances touched"), this)),
      m_choice(new QComboBox(this)), m_heading(new QLabel(this)), m_capacity(new QLabel(this)),
      m_status(new QLabel(this)), m_reason(new QLineEdit(this)), m_confirm(new QPushButton(this)),
      m_cancel(new QPushButton(this)), m_pause(new QPushButton(this)),
      m_abort(new QPushButton(tr("Abort"), this)) {
    setWindowTitle(word(action));
    resize(960, 520);
    m_table->setObjectName(QStringLiteral("framed"));
    m_choice->setAccessibleName(tr("Action"));
    m_choice->addItem(word(action), QVariant::fromValue(static_cast<int>(action)));
    m_pause->setAutoDefault(false);
    m_abort->setAutoDefault(false);
    m_heading->setObjectName(QStringLiteral("title"));
    m_heading->setWordWrap(true);
    m_capacity->setWordWrap(true);
    m_status->setWordWrap(true);
    m_status->setObjectName(QStringLiteral("warning"));
    m_reason->setPlaceholderText(tr("Why? It goes into the action log."));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMaxLength(500);
    m_reason->installEventFilter(this);
    m_confirm->setObjectName(QStringLiteral("danger"));
    m_confirm->setAutoDefault(false);
    m_cancel->setAutoDefault(true);
    m_cancel->setDefault(true);

    auto* reasonLine = new QHBoxLayout;
    auto* reasonLabel = new QLabel(tr("&Reason"), this);
    reasonLabel->setBuddy(m_reason);
    reasonLine->addWidget(reasonLabel);
    reasonLine->addWidget(m_reason, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_status, 1);
    buttons->addWidget(m_pause);
    buttons->addWidget(m_abort);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_confirm);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(Theme::size(Size::CardPadding));
    auto* top = new QHBoxLayout;
    top->addWidget(m_heading, 1);
    top->addWidget(m_choice);
    column->addLayout(top);
    column->addWidget(m_table, 1);
    column->addWidget(m_capacity);
    column->addLayout(reasonLine);
    column->addLayout(buttons);

    connect(m_reason, &QLineEdit::textChanged, this, &RecoveryDialog::updateWords);
    connect(m_choice, &QComboBox::activated, this,
            [this](int index) { choose(static_cast<Action>(m_choice->itemData(index).toInt())); });
    const auto control = [this](command::OperationVerb verb) {
        m_submit(command::ControlOperation{m_operation, verb});
    };
    connect(m_pause, &QPushButton::clicked, this, [this, control] {
        control(m_paused ? command::OperationVerb::Resume : command::OperationVerb::Pause);
    });
    connect(m_abort, &QPushButton::clicked, this,
            [control] { control(command::OperationVerb::Abort); });
    connect(m_confirm, &QPushButton::clicked, this, &RecoveryDialog::confirm);
    connect(m_cancel, &QPushButton::clicked, this,
            [this] { m_step == Step::Countdown ? undo() : reject(); });
    auto* undoKey = new QShortcut(QKeySequence(QKeySequence::Undo), this);
    connect(undoKey, &QShortcut::activated, this, [this] {
        if (m_step == Step::Countdown)
            undo();
    });
    updateWords();
    ask();
    m_cancel->setFocus();
}

void RecoveryDialog::choose(Action action) {
    if (m_step != Step::Preview || action == m_action)
        return;
    m_action = action;
    m_question = {}; // what was said to the other action does not count
    setWindowTitle(word(action));
    ask();
    if (m_snapshot)
        render(m_snapshot);
}

/// Asks the orchestrators what they would say; they are asked anew as long as nothing is sent.
void RecoveryDialog::ask() {
    if (m_step != Step::Preview)
        return;
    m_lastQuestion = std::exchange(m_question, OperationId(newUuid()));
    m_submit(command::PlanAction{m_question, m_action, m_targets});
    m_askAgain = m_clock.schedule(std::chrono::seconds(20), [this] { ask(); });
}

void RecoveryDialog::offer() {
    QList<int> wanted;
    for (const Action each : m_preview.offered)
        wanted.append(static_cast<int>(each));
    QList<int> shown;
    for (int i = 0; i < m_choice->count(); ++i)
        shown.append(m_choice->itemData(i).toInt());
    if (wanted != shown) {
        m_choice->clear();
        for (const Action each : m_preview.offered)
            m_choice->addItem(word(each), static_cast<int>(each));
    }
    m_choice->setCurrentIndex(m_choice->findData(static_cast<int>(m_action)));
    m_choice->setEnabled(m_step == Step::Preview && m_choice->count() > 1);
}

bool RecoveryDialog::eventFilter(QObject* watched, QEvent* event) {
    // Enter in the reason neither acts nor throws the reason away.
    if (watched == m_reason && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter)
            return true;
    }
    return QDialog::eventFilter(watched, event);
}

void RecoveryDialog::render(const SnapshotPtr& snapshot) {
    m_snapshot = snapshot;
    if (m_step == Step::Results) {
        showResults();
        return;
    }
    // Until the new question is answered the last answer stands.
    const ActionPreview* answer = snapshot->actionPreview.get();
    const bool older = answer && answer->id == m_lastQuestion;
    m_preview =
        previewRecovery(*snapshot, m_action, m_targets, older ? m_lastQuestion : m_question);
    m_table->updateCalmly([this] { m_model->setRows(m_preview.items, m_snapshot->takenAt); });
    updateWords();
}

QString RecoveryDialog::heading() const {
    const int all = static_cast<int>(m_targets.size());
    const int allowed = m_preview.allowed;
    switch (m_action) {
    case Action::Terminate:
        return tr("Terminate %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::Reinstall:
        return tr("Reinstall %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::Archive:
        return tr("Archive %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::RestartWorker:
        return tr("Restart the worker of %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::Replace:
        return tr("Replace %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::Drain:
        return tr("Drain %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::Undrain:
        return tr("Put %1 of %n chosen instance(s) back into service", nullptr, all).arg(allowed);
    case Action::Hold:
        return tr("Hold %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::Release:
        return tr("Release %1 of %n chosen instance(s)", nullptr, all).arg(allowed);
    case Action::DeleteVolume:
        return tr("Delete %1 of %n chosen volume(s)", nullptr, all).arg(allowed);
    }
    return {};
}

QString RecoveryDialog::capacityText() const {
    QStringList lines;
    for (const PoolCapacity& pool : m_preview.pools)
        lines.append(
            tr("%1: %2 of %3 serve now, %4 after")
                .arg(pool.pool)
                .arg(pool.before)
                .arg(pool.total)
                .arg(pool.after) +
            (pool.before > 0 && pool.after == 0 ? tr(" (nobody is left to serve)") : QString()));
    if (!m_preview.capacity.isEmpty())
        return m_preview.capacity;
    constexpr qsizetype most = 5;
    if (lines.size() > most) {
        const int more = static_cast<int>(lines.size() - most);
        lines = lines.mid(0, most);
        lines.append(tr("and %n more pool(s)", nullptr, more));
    }
    return lines.join(QLatin1Char('\n'));
}

void RecoveryDialog::done(int result) {
    m_timer.cancel(); // closed while it counts: nothing is sent
    m_askAgain.cancel();
    QDialog::done(result);
}

void RecoveryDialog::updateWords() {
    const bool previewing = m_step == Step::Preview;
    m_heading->setText(heading());
    m_capacity->setText(capacityText());
    m_capacity->setVisible(!m_capacity->text().isEmpty() && m_step != Step::Results);
    m_reason->setEnabled(previewing);
    m_confirm->setVisible(previewing);
    if (m_step != Step::Results) {
        m_pause->hide();
        m_abort->hide();
    }
    offer();
    m_confirm->setText(m_preview.allowed == 1
                           ? word(m_action)
                           : QStringLiteral("%1 (%2)").arg(word(m_action)).arg(m_preview.allowed));
    const bool reasoned = !m_reason->text().trimmed().isEmpty();
    m_confirm->setEnabled(m_preview.allowed > 0 && reasoned);
    m_cancel->setText(m_step == Step::Results     ? tr("Close")
                      : m_step == Step::Countdown ? tr("Cancel (Ctrl+Z)")
                                                  : tr("Cancel"));
    if (m_step == Step::Countdown)
        m_status->setText(
            tr("Sent in %n second(s). Nothing has happened yet.", nullptr, m_secondsLeft));
    else if (previewing)
        m_status->setText(m_preview.allowed == 0 ? tr("None of these may be touched now.")
                          : reasoned             ? QString()
                                                 : tr("Give a reason first."));
}

void RecoveryDialog::confirm() {
    if (!m_confirm->isEnabled())
        return;
    m_step = Step::Countdown;
    m_secondsLeft = secondsToCancel;
    updateWords();
    m_cancel->setFocus();
    m_timer = m_clock.schedule(std::chrono::seconds(1), [this] { tick(); });
}

void RecoveryDialog::tick() {
    if (--m_secondsLeft <= 0) {
        send();
        return;
    }
    updateWords();
    m_timer = m_clock.schedule(std::chrono::seconds(1), [this] { tick(); });
}

void RecoveryDialog::undo() {
    m_timer.cancel();
    m_step = Step::Preview;
    updateWords();
}

void RecoveryDialog::send() {
    // What was allowed at this moment, not what was when the dialog opened.
    command::Act act;
    act.id = m_operation;
    act.action = m_action;
    act.reason = m_reason->text().trimmed();
    for (RecoveryItem& item : m_preview.items) {
        if (item.whyNot.isEmpty()) {
            act.targets.push_back(item.target);
            item.result = ItemState::Waiting;
        }
    }
    m_step = Step::Results;
    if (!act.targets.empty())
        m_submit(std::move(act));
    updateWords();
    showResults();
}

QString RecoveryDialog::progressText(const Operation& operation) {
    const auto count = [&operation](ItemState state) {
        return std::ranges::count(operation.items, state, &Operation::Item::state);
    };
    const QString figures = tr("%1 of %2 done, %3 failed, %4 skipped")
                                .arg(count(ItemState::Done))
                                .arg(operation.items.size())
                                .arg(count(ItemState::Failed) + count(ItemState::OutcomeUnknown))
                                .arg(count(ItemState::Skipped));
    if (operation.finished)
        return operation.aborted ? tr("Aborted. %1.").arg(figures)
                                 : tr("Finished. %1.").arg(figures);
    if (operation.aborted)
        return tr("Aborting: what was begun is finished. %1.").arg(figures);
    if (operation.paused)
        return tr("Paused (%1). %2.").arg(operation.pausedBecause, figures);
    return tr("Carried out in waves by the orchestrator, also without this window. %1.")
        .arg(figures);
}

void RecoveryDialog::showResults() {
    const auto& operations = m_snapshot->operations;
    const auto mine = std::find_if(operations.begin(), operations.end(),
                                   [this](const Operation& o) { return o.id == m_operation; });
    if (mine != operations.end())
        for (const Operation::Item& done : mine->items)
            for (RecoveryItem& item : m_preview.items)
                if (item.target.named() == done.instance && item.target.source == done.source) {
                    item.result = done.state;
                    item.message = done.message;
                }
    m_table->updateCalmly([this] { m_model->setRows(m_preview.items, m_snapshot->takenAt); });
    const bool finished = mine != operations.end() && mine->finished;
    const bool remote = mine != operations.end() && mine->remote;
    m_paused = remote && mine->paused;
    m_pause->setText(m_paused ? tr("Resume") : tr("Pause"));
    m_pause->setVisible(remote && !finished && !mine->aborted);
    m_abort->setVisible(remote && !finished && !mine->aborted);
    if (remote) {
        m_status->setText(progressText(*mine));
        return;
    }
    m_status->setText(finished ? tr("Done. The orchestrator carries it out; watch the states.")
                               : tr("Sent. Waiting for the answers…"));
}

} // namespace vigie
