#include "ui/panels/overview/overviewpanel.h"

#include "ui/models/words.h"
#include "ui/panels/overview/sourcecardview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/panelheader.h"
#include "ui/widgets/tableview.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace vigie::panels::overview {

namespace {

/// A table, or the reason why it is empty.
QStackedWidget* tableOr(QWidget* table, QWidget* empty) {
    auto* stack = new QStackedWidget;
    stack->addWidget(table);
    stack->addWidget(empty);
    return stack;
}

void showEither(QWidget* empty, bool isEmpty) {
    if (auto* stack = qobject_cast<QStackedWidget*>(empty->parentWidget()))
        stack->setCurrentIndex(isEmpty ? 1 : 0);
}

} // namespace

OverviewPanel::OverviewPanel(PanelHost& host, QWidget* parent)
    : Panel(parent), m_host(host), m_header(new PanelHeader(tr("Overview"), this)),
      m_scroll(new QScrollArea(this)), m_grid(new QGridLayout),
      m_problems(new KeyedTableModel<Problem>(problemColumns(), this)),
      m_changes(new KeyedTableModel<ChangeRow>(changeColumns(), this)),
      m_problemView(new TableView(*m_problems, tr("Worst problems"), this)),
      m_changeView(new TableView(*m_changes, tr("What changed"), this)),
      m_noProblems(new EmptyState(this)), m_noChanges(new EmptyState(this)) {
    auto* cards = new QWidget;
    m_grid->setContentsMargins(12, 0, 12, 4);
    m_grid->setSpacing(12);
    auto* cardColumn = new QVBoxLayout(cards);
    cardColumn->setContentsMargins(0, 0, 0, 0);
    cardColumn->addLayout(m_grid);
    cardColumn->addStretch();
    m_scroll->setWidget(cards);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);

    auto* lower = new QHBoxLayout;
    lower->setSpacing(1);
    lower->addWidget(section(tr("Worst problems"), tableOr(m_problemView, m_noProblems)), 3);
    lower->addWidget(section(tr("Last 15 minutes"), tableOr(m_changeView, m_noChanges)), 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_header);
    column->addWidget(m_scroll);
    column->addLayout(lower, 1);

    connect(m_problemView, &TableView::opened, this, [this](const QString& key) {
        if (const Problem* problem = m_problems->find(key))
            open(*problem);
    });
    connect(m_changeView, &TableView::opened, this, [this](const QString& key) {
        const ChangeRow* row = m_changes->find(key);
        if (row && !row->note.instance.isEmpty())
            m_host.inspect(row->note.source, row->note.instance);
    });
    setFocusProxy(m_problemView);
}

QWidget* OverviewPanel::section(const QString& title, QWidget* content) {
    auto* box = new QWidget(this);
    auto* label = new QLabel(title, box);
    label->setObjectName(QStringLiteral("section"));
    label->setContentsMargins(12, 8, 12, 4);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(label);
    column->addWidget(content, 1);
    return box;
}

void OverviewPanel::open(const Problem& problem) {
    if (problem.instance)
        m_host.inspect(problem.instance->first, problem.instance->second);
    else
        m_host.showPanel(problem.panel, problem.filter);
}

void OverviewPanel::showCards(const std::vector<SourceCard>& cards) {
    const auto before = m_cards.size();
    while (m_cards.size() > static_cast<qsizetype>(cards.size()))
        delete m_cards.takeLast();
    while (m_cards.size() < static_cast<qsizetype>(cards.size())) {
        auto* card = new SourceCardView(this);
        connect(card, &QAbstractButton::clicked, this, [this, card] {
            m_host.showPanel(card->card().instances ? QStringLiteral("fleet")
                                                    : QStringLiteral("latency"),
                             QStringLiteral("source:\"%1\"").arg(card->card().name));
        });
        m_cards.append(card);
    }
    for (qsizetype i = 0; i < m_cards.size(); ++i)
        m_cards.at(i)->set(cards[static_cast<size_t>(i)]);
    if (before != m_cards.size())
        placeCards();
}

void OverviewPanel::placeCards() {
    constexpr int narrowest = 340;
    const int columns = std::max(1, (width() - 12) / (narrowest + 12));
    for (SourceCardView* card : std::as_const(m_cards))
        m_grid->removeWidget(card);
    for (int i = 0; i < static_cast<int>(m_cards.size()); ++i)
        m_grid->addWidget(m_cards.at(i), i / columns, i % columns);
    for (int i = 0; i < m_grid->columnCount(); ++i)
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
    // Two rows of cards are always whole; more scroll, so that the problems stay in sight.
    const int rows = (static_cast<int>(m_cards.size()) + columns - 1) / columns;
    const int shown = std::clamp(rows, 1, 2);
    m_scroll->setFixedHeight(shown * (SourceCardView::cardHeight + 12) + (rows > shown ? 24 : 0));
}

void OverviewPanel::resizeEvent(QResizeEvent* event) {
    Panel::resizeEvent(event);
    placeCards();
}

void OverviewPanel::render(const SnapshotPtr& snapshot) {
    const auto all = cards(*snapshot);
    showCards(all);
    int total = 0;
    int unknown = 0;
    for (const SourceCard& card : all) {
        total += card.total;
        unknown += card.counts[static_cast<size_t>(Share::Unknown)];
    }
    m_header->setDetail(tr("%1 on %2, as of %3")
                            .arg(tr("%n instance(s)", nullptr, total),
                                 tr("%n source(s)", nullptr, static_cast<int>(all.size())),
                                 clockText(snapshot->takenAt)));
    m_problemView->updateCalmly(
        [&] { m_problems->setRows(problems(*snapshot), snapshot->takenAt); });
    m_changeView->updateCalmly(
        [&] { m_changes->setRows(recentChanges(*snapshot), snapshot->takenAt); });
    if (m_problems->rowCount() == 0)
        m_noProblems->show(
            snapshot->instances.empty() && !snapshot->blind()
                ? tr("Every source answers; there are no instances yet.")
            : snapshot->blind() ? tr("Nothing was wrong when the sources last answered; not all of "
                                     "them answer now.")
            : unknown > 0       ? tr("Nothing is known to be wrong: every source answers, but of "
                                           "%n instance(s) it is not known how they are.",
                                     nullptr, unknown)
                                : tr("Nothing is wrong: every source answers, and no instance is "
                                           "suspect or dead."),
            {}, {});
    if (m_changes->rowCount() == 0)
        m_noChanges->show(tr("Nothing changed in the last 15 minutes."), {}, {});
    showEither(m_noProblems, m_problems->rowCount() == 0);
    showEither(m_noChanges, m_changes->rowCount() == 0);
}

} // namespace vigie::panels::overview
