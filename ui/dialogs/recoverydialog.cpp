#include "ui/dialogs/recoverydialog.h"

#include "ui/models/words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tableview.h"

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
      m_table(new TableView(*m_model, tr("Instances touched"), this)), m_heading(new QLabel(this)),
      m_capacity(new QLabel(this)), m_status(new QLabel(this)), m_reason(new QLineEdit(this)),
      m_confirm(new QPushButton(this)), m_cancel(new QPushButton(this)) {
    setWindowTitle(word(action));
    resize(960, 520);
    m_table->setObjectName(QStringLiteral("framed"));
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
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_confirm);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(Theme::size(Size::CardPadding));
    column->addWidget(m_heading);
    column->addWidget(m_table, 1);
    column->addWidget(m_capacity);
    column->addLayout(reasonLine);
    column->addLayout(buttons);

    connect(m_reason, &QLineEdit::textChanged, this, &RecoveryDialog::updateWords);
    connect(m_confirm, &QPushButton::clicked, this, &RecoveryDialog::confirm);
    connect(m_cancel, &QPushButton::clicked, this,
            [this] { m_step == Step::Countdown ? undo() : reject(); });
    auto* undoKey = new QShortcut(QKeySequence(QKeySequence::Undo), this);
    connect(undoKey, &QShortcut::activated, this, [this] {
        if (m_step == Step::Countdown)
            undo();
    });
    updateWords();
    m_cancel->setFocus();
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
    m_preview = previewRecovery(*snapshot, m_action, m_targets);
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
    QDialog::done(result);
}

void RecoveryDialog::updateWords() {
    const bool previewing = m_step == Step::Preview;
    m_heading->setText(heading());
    m_capacity->setText(capacityText());
    m_capacity->setVisible(!m_capacity->text().isEmpty() && m_step != Step::Results);
    m_reason->setEnabled(previewing);
    m_confirm->setVisible(previewing);
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

void RecoveryDialog::showResults() {
    const auto& operations = m_snapshot->operations;
    const auto mine = std::find_if(operations.begin(), operations.end(),
                                   [this](const Operation& o) { return o.id == m_operation; });
    if (mine != operations.end())
        for (const Operation::Item& done : mine->items)
            for (RecoveryItem& item : m_preview.items)
                if (item.target.instance == done.instance && item.target.source == done.source) {
                    item.result = done.state;
                    item.message = done.message;
                }
    m_table->updateCalmly([this] { m_model->setRows(m_preview.items, m_snapshot->takenAt); });
    const bool finished = mine != operations.end() && mine->finished;
    m_status->setText(finished ? tr("Done. The orchestrator carries it out; watch the states.")
                               : tr("Sent. Waiting for the answers…"));
}

} // namespace vigie
