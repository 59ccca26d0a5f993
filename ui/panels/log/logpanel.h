#pragma once

#include "ui/models/keyedtablemodel.h"
#include "ui/panels/log/logrows.h"
#include "ui/panels/tablepanel.h"

namespace vigie::panels::log {

/// Who did what and why, newest first.
class LogPanel final : public TablePanel {
    Q_OBJECT
public:
    LogPanel(PanelHost& host, QWidget* parent);
    void render(const SnapshotPtr& snapshot) override;

private:
    LogPanel(PanelHost& host, KeyedTableModel<LogRow>* model, QWidget* parent);
    void follow();
    void inspect(const QString& key);

    KeyedTableModel<LogRow>* m_model;
};

} // namespace vigie::panels::log
