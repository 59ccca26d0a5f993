#include "ui/dialogs/sourcesdialog.h"

#include "ui/dialogs/sourceform.h"
#include "ui/models/words.h"
#include "ui/widgets/tableview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace vigie {

namespace {

using SourceRow = SourcesDialog::SourceRow;

std::vector<Column<SourceRow>> columns() {
    Column<SourceRow> name;
    name.id = QStringLiteral("name");
    name.title = [] { return SourcesDialog::tr("Watched"); };
    name.width = 150;
    name.value = [](const SourceRow& row) { return QVariant(row.name); };
    name.tip = [](const SourceRow& row) { return row.url; };
    name.cell = [](const SourceRow& row) {
        Cell cell;
        cell.text = row.name;
        cell.shape = row.freshness;
        return cell;
    };
    Column<SourceRow> says;
    says.id = QStringLiteral("says");
    says.title = [] { return SourcesDialog::tr("Answer"); };
    says.width = 120;
    says.stretches = true;
    says.value = [](const SourceRow& row) { return QVariant(row.says); };
    says.tip = [](const SourceRow& row) { return row.says; };
    says.cell = [](const SourceRow& row) {
        Cell cell;
        cell.text = row.says;
        cell.ink = Token::SecondaryText;
        return cell;
    };
    return {name, says};
}

SourceRow rowOf(const SourceStatus& source, WallTime now) {
    SourceRow row{source.id.value(), source.name, source.url.toString(), {}, source.freshness};
    row.says = word(source.freshness);
    if (source.freshness != Freshness::Live && source.lastSuccess)
        row.says += QStringLiteral(", ") + ageText(*source.lastSuccess, now);
    if (source.lastFailure)
        row.says += QStringLiteral(": ") + failureWord(source.lastFailure->kind);
    return row;
}

} // namespace

SourcesDialog::SourcesDialog(SourceBook& book, std::function<void(Command)> submit, QWidget* parent)
    : QDialog(parent), m_book(book), m_submit(std::move(submit)),
      m_model(new KeyedTableModel<SourceRow>(columns(), this)),
      m_list(new TableView(*m_model, tr("Watched sources"), this)), m_form(new SourceForm(this)),
      m_steps(new QPlainTextEdit(this)), m_status(new QLabel(this)),
      m_remove(new QPushButton(tr("Remove"), this)), m_test(new QPushButton(tr("Test"), this)),
      m_save(new QPushButton(tr("Add"), this)) {
    setWindowTitle(tr("Sources"));
    resize(900, 560);
    m_list->setObjectName(QStringLiteral("framed"));
    m_steps->setReadOnly(true);
    m_steps->setAccessibleName(tr("Steps of the test"));
    m_steps->setFont(Theme::current().font(TextStyle::Monospace));
    m_steps->setPlaceholderText(
        tr("Test shows each step here: resolve, connect, TLS, access, contract, clock."));
    m_status->setObjectName(QStringLiteral("secondary"));
    m_status->setWordWrap(true);
    m_remove->setObjectName(QStringLiteral("danger"));
    m_save->setObjectName(QStringLiteral("primary"));
    auto* add = new QPushButton(tr("New source"), this);
    auto* close = new QPushButton(tr("Close"), this);
    for (QPushButton* button : {m_remove, m_test, m_save, add, close})
        button->setAutoDefault(false);

    auto* left = new QVBoxLayout;
    left->addWidget(m_list, 1);
    left->addWidget(add, 0, Qt::AlignLeft);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_remove);
    buttons->addStretch();
    buttons->addWidget(m_test);
    buttons->addWidget(m_save);
    buttons->addWidget(close);
    auto* right = new QVBoxLayout;
    right->setSpacing(12);
    right->addWidget(m_form);
    right->addWidget(m_steps, 1);
    right->addWidget(m_status);
    right->addLayout(buttons);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(16, 16, 16, 16);
    line->setSpacing(16);
    line->addLayout(left, 2);
    line->addLayout(right, 3);

    connect(m_list, &TableView::currentKeyChanged, this, &SourcesDialog::edit);
    connect(add, &QPushButton::clicked, this, &SourcesDialog::startNew);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_test, &QPushButton::clicked, this, &SourcesDialog::test);
    connect(m_save, &QPushButton::clicked, this, &SourcesDialog::save);
    connect(m_remove, &QPushButton::clicked, this, &SourcesDialog::remove);
    startNew();
}

void SourcesDialog::render(const SnapshotPtr& snapshot) {
    m_snapshot = snapshot;
    std::vector<SourceRow> rows;
    for (const SourceStatus& source : snapshot->sources)
        rows.push_back(rowOf(source, snapshot->takenAt));
    m_list->updateCalmly([&] { m_model->setRows(std::move(rows), snapshot->takenAt); });
    if (m_testing && snapshot->sourceTest && m_steps->toPlainText() != *snapshot->sourceTest)
        m_steps->setPlainText(*snapshot->sourceTest);
}

void SourcesDialog::edit(const QString& key) {
    if (key.isEmpty())
        return;
    SourceDraft draft;
    for (const SourceConfig& known : m_book.sources())
        if (known.id.value() == key)
            draft = SourceDraft::of(known);
    if (draft.id.isEmpty() && m_snapshot) // given on the command line: only what is shown is known
        if (const SourceStatus* shown = m_snapshot->source(SourceId(key))) {
            draft.id = shown->id;
            draft.name = shown->name;
            draft.kind = shown->kind;
            draft.url = shown->url.toString();
        }
    m_form->setDraft(draft);
    m_remove->setEnabled(true);
    m_save->setText(tr("Save"));
    say({});
}

void SourcesDialog::startNew() {
    m_list->clearSelection();
    m_list->setCurrentIndex({});
    m_form->setDraft({});
    m_remove->setEnabled(false);
    m_save->setText(tr("Add"));
    say({});
    m_form->setFocus();
}

bool SourcesDialog::right() {
    const auto mistakes = m_form->draft().mistakes(m_book.sources());
    m_form->showMistakes(mistakes);
    return mistakes.empty();
}

void SourcesDialog::save() {
    if (!right())
        return;
    const SourceConfig config = m_form->draft().config();
    m_submit(command::AddSource{config});
    const QPointer<SourcesDialog> self(this);
    m_book.save(config, [self](SecretFate fate, const QString& why) {
        if (!self)
            return;
        self->say(fate == SecretFate::Keychain
                      ? tr("Saved. The secret is in the system's keychain.")
                  : fate == SecretFate::ThisSessionOnly
                      ? tr("Saved without the secret, which is kept until Vigie ends: %1").arg(why)
                      : tr("Saved."));
    });
}

void SourcesDialog::test() {
    if (!right())
        return;
    m_testing = true;
    m_steps->setPlainText(tr("Testing…"));
    m_submit(command::TestSource{m_form->draft().config()});
}

void SourcesDialog::remove() {
    const SourceId id = m_form->draft().id;
    if (id.isEmpty())
        return;
    m_submit(command::RemoveSource{id});
    m_book.remove(id);
    startNew();
    say(tr("Removed. Nothing was changed at the orchestrator."));
}

void SourcesDialog::say(const QString& text) {
    m_status->setText(text);
}

} // namespace vigie
