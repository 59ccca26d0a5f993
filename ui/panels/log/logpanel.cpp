#include "ui/panels/log/logpanel.h"

#include "ui/models/words.h"
#include "ui/widgets/panelheader.h"

#include <QAction>

namespace vigie::panels::log {

LogPanel::LogPanel(PanelHost& host, QWidget* parent)
    : LogPanel(host, new KeyedTableModel<LogRow>(columns()), parent) {}

LogPanel::LogPanel(PanelHost& host, KeyedTableModel<LogRow>* model, QWidget* parent)
    : TablePanel(host, (model->sort(0, Qt::DescendingOrder), *model),
                 {QStringLiteral("log"), tr("Action log"),
                  tr("Filter: words, action:*REINSTALL*, status:failed, actor:lea, took>5s, "
                     "correlation:…"),
                  tr("Nothing was done yet: the orchestrators' action logs are empty.")},
                 parent),
      m_model(model) {
    m_model->setParent(this);
    auto* followAction =
        new QAction(Theme::current().icon(QStringLiteral("link"), Token::SecondaryText),
                    tr("Follow this correlation id"), this);
    connect(followAction, &QAction::triggered, this, &LogPanel::follow);
    addAction(followAction);
    header().addAction(followAction, true);
    view().setContextMenuPolicy(Qt::ActionsContextMenu);
    view().addAction(followAction);
    connect(&view(), &TableView::opened, this, &LogPanel::inspect);
    const auto enable = [this, followAction](const QString& key) {
        const LogRow* row = m_model->find(key);
        followAction->setEnabled(row && !row->log->entry.correlationId.isEmpty());
    };
    connect(&view(), &TableView::currentKeyChanged, this, enable);
    enable({});
}

void LogPanel::follow() {
    if (const LogRow* row = m_model->find(view().currentKey()))
        host().showPanel(QStringLiteral("log"),
                         QStringLiteral("correlation:\"%1\"").arg(row->log->entry.correlationId));
}

void LogPanel::inspect(const QString& key) {
    const LogRow* row = m_model->find(key);
    if (row && !row->log->entry.instanceId.isEmpty())
        host().inspect(row->log->source, row->log->entry.instanceId);
}

void LogPanel::render(const SnapshotPtr& snapshot) {
    showRows(snapshot, [&] { m_model->setRows(rows(*snapshot), snapshot->takenAt); });
    header().setDetail(
        tr("the last %1 entries").arg(countText(static_cast<qint64>(snapshot->log.size()))));
}

} // namespace vigie::panels::log
