#include "ui/dialogs/sourceform.h"

#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace vigie {

using Field = SourceDraft::Field;
using Access = SourceDraft::Access;

SourceForm::SourceForm(QWidget* parent)
    : QWidget(parent), m_form(new QFormLayout(this)), m_name(new QLineEdit(this)),
      m_kind(new QComboBox(this)), m_access(new QComboBox(this)),
      m_interval(new QDoubleSpinBox(this)), m_warning(new QLabel(this)) {
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setVerticalSpacing(8);
    m_form->setHorizontalSpacing(12);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    m_url = addLine(Field::Url, tr("&Address"), QStringLiteral("https://host:8003"));
    m_name->setPlaceholderText(tr("taken from the address"));
    m_form->addRow(tr("&Name"), m_name);
    m_kind->addItem(tr("found out by asking"), QString());
    m_kind->addItem(tr("Orchestrator"), QStringLiteral("orchestrator"));
    m_kind->addItem(tr("Prometheus metrics"), QStringLiteral("prometheus"));
    m_form->addRow(tr("&Kind"), m_kind);
    m_access->addItem(tr("open, no secret"), static_cast<int>(Access::None));
    m_access->addItem(tr("token"), static_cast<int>(Access::Token));
    m_access->addItem(tr("token from a file"), static_cast<int>(Access::TokenFile));
    m_access->addItem(tr("e-mail and password"), static_cast<int>(Access::Password));
    m_form->addRow(tr("A&ccess"), m_access);
    m_token = addLine(Field::Token, tr("&Token"), {});
    m_token->setEchoMode(QLineEdit::Password);
    m_tokenFile = addFile(Field::TokenFile, tr("Token &file"), tr("read at every connection"));
    m_email = addLine(Field::Email, tr("&E-mail"), {});
    m_password = addLine(Field::Password, tr("&Password"), {});
    m_password->setEchoMode(QLineEdit::Password);
    m_caFile = addFile(Field::CaFile, tr("Own C&A"), tr("PEM file; empty: the system's"));
    m_interval->setRange(0.2, 3600);
    m_interval->setDecimals(1);
    m_interval->setSuffix(tr(" s"));
    addRow(Field::Interval, tr("&Interval"), m_interval, nullptr);
    m_warning->setObjectName(QStringLiteral("warning"));
    m_warning->setWordWrap(true);
    m_form->addRow(m_warning);

    connect(m_access, &QComboBox::currentIndexChanged, this, &SourceForm::showAccess);
    connect(m_url, &QLineEdit::textChanged, this, &SourceForm::showAccess);
    for (QLineEdit* line : {m_url, m_name, m_token, m_tokenFile, m_email, m_password, m_caFile})
        connect(line, &QLineEdit::textEdited, this, &SourceForm::edited);
    showAccess();
}

void SourceForm::addRow(Field field, const QString& label, QWidget* input, QWidget* extra) {
    auto* cell = new QWidget(this);
    auto* column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto* line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(input, 1);
    if (extra)
        line->addWidget(extra);
    column->addLayout(line);
    auto* mistake = new QLabel(cell);
    mistake->setObjectName(QStringLiteral("error"));
    mistake->setWordWrap(true);
    mistake->hide();
    column->addWidget(mistake);
    auto* name = new QLabel(label, this);
    name->setBuddy(input);
    input->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    m_form->addRow(name, cell);
    m_rows.insert(field, {cell, input, mistake});
}

QLineEdit* SourceForm::addLine(Field field, const QString& label, const QString& hint) {
    auto* edit = new QLineEdit(this);
    edit->setPlaceholderText(hint);
    addRow(field, label, edit, nullptr);
    return edit;
}

QLineEdit* SourceForm::addFile(Field field, const QString& label, const QString& hint) {
    auto* edit = new QLineEdit(this);
    edit->setPlaceholderText(hint);
    auto* choose = new QToolButton(this);
    choose->setObjectName(QStringLiteral("button"));
    choose->setText(QStringLiteral("…"));
    choose->setAccessibleName(tr("Choose a file"));
    connect(choose, &QToolButton::clicked, this, [this, edit] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Choose a file"), edit->text());
        if (!path.isEmpty())
            edit->setText(path);
    });
    addRow(field, label, edit, choose);
    return edit;
}

void SourceForm::setDraft(const SourceDraft& draft) {
    m_id = draft.id;
    m_url->setText(draft.url);
    m_name->setText(draft.name);
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(draft.kind)));
    m_access->setCurrentIndex(m_access->findData(static_cast<int>(draft.access)));
    m_token->setText(draft.token);
    m_tokenFile->setText(draft.tokenFile);
    m_email->setText(draft.email);
    m_password->setText(draft.password);
    m_caFile->setText(draft.caFile);
    m_interval->setValue(draft.intervalSeconds);
    showMistakes({});
    showAccess();
}

SourceDraft SourceForm::draft() const {
    SourceDraft draft;
    draft.id = m_id;
    draft.url = m_url->text();
    draft.name = m_name->text();
    draft.kind = m_kind->currentData().toString();
    draft.access = static_cast<Access>(m_access->currentData().toInt());
    draft.token = m_token->text();
    draft.tokenFile = m_tokenFile->text();
    draft.email = m_email->text();
    draft.password = m_password->text();
    draft.caFile = m_caFile->text();
    draft.intervalSeconds = m_interval->value();
    return draft;
}

void SourceForm::showMistakes(const std::vector<SourceDraft::Mistake>& mistakes) {
    for (const Row& row : std::as_const(m_rows)) {
        row.mistake->hide();
        row.input->setProperty("invalid", false);
    }
    for (const auto& mistake : mistakes) {
        const Row row = m_rows.value(mistake.field);
        row.mistake->setText(mistake.message);
        row.mistake->show();
        row.input->setProperty("invalid", true);
    }
    for (const Row& row : std::as_const(m_rows)) {
        row.input->style()->unpolish(row.input);
        row.input->style()->polish(row.input);
    }
    if (!mistakes.empty())
        m_rows.value(mistakes.front().field).input->setFocus();
}

void SourceForm::showAccess() {
    const auto access = static_cast<Access>(m_access->currentData().toInt());
    const auto show = [this](Field field, bool on) {
        QWidget* cell = m_rows.value(field).field;
        cell->setVisible(on);
        m_form->labelForField(cell)->setVisible(on);
    };
    show(Field::Token, access == Access::Token);
    show(Field::TokenFile, access == Access::TokenFile);
    show(Field::Email, access == Access::Password);
    show(Field::Password, access == Access::Password);
    m_warning->setText(draft().warning());
    m_warning->setVisible(!m_warning->text().isEmpty());
}

} // namespace vigie
