#pragma once

#include "core/model/fleetsnapshot.h"
#include "ui/dialogs/sourcebook.h"
#include "ui/models/keyedtablemodel.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace vigie {

class SourceForm;
class TableView;

/// Adds, edits, tests and removes what is watched.
class SourcesDialog final : public QDialog {
    Q_OBJECT
public:
    struct SourceRow {
        QString key;
        QString name, url, says;
        Freshness freshness = Freshness::Waiting;
    };

    SourcesDialog(SourceBook& book, std::function<void(Command)> submit, QWidget* parent = nullptr);
    void render(const SnapshotPtr& snapshot);

private:
    void edit(const QString& key);
    void startNew();
    void save();
    void test();
    void remove();
    void say(const QString& text);
    bool right(); ///< shows the mistakes otherwise

    SourceBook& m_book;
    std::function<void(Command)> m_submit;
    SnapshotPtr m_snapshot;
    bool m_testing = false;
    KeyedTableModel<SourceRow>* m_model;
    TableView* m_list;
    SourceForm* m_form;
    QPlainTextEdit* m_steps;
    QLabel* m_status;
    QPushButton *m_remove, *m_test, *m_save;
};

} // namespace vigie
