#pragma once

#include "ui/dialogs/sourcedraft.h"

#include <QMap>
#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace vigie {

/// The fields of one source, each with room for its own mistake.
class SourceForm final : public QWidget {
    Q_OBJECT
public:
    explicit SourceForm(QWidget* parent = nullptr);

    void setDraft(const SourceDraft& draft);
    SourceDraft draft() const;
    /// Shows each mistake at its field; the first one gets the keyboard.
    void showMistakes(const std::vector<SourceDraft::Mistake>& mistakes);

Q_SIGNALS:
    void edited();

private:
    struct Row {
        QWidget* field = nullptr; ///< the whole cell: input and its mistake
        QWidget* input = nullptr;
        QLabel* mistake = nullptr;
    };
    QLineEdit* addLine(SourceDraft::Field field, const QString& label, const QString& hint);
    QLineEdit* addFile(SourceDraft::Field field, const QString& label, const QString& hint);
    void addRow(SourceDraft::Field field, const QString& label, QWidget* input, QWidget* extra);
    void showAccess();

    QFormLayout* m_form;
    QMap<SourceDraft::Field, Row> m_rows;
    SourceId m_id;
    QLineEdit *m_name, *m_url;
    QComboBox *m_kind, *m_access;
    QLineEdit *m_token, *m_tokenFile, *m_email, *m_password, *m_caFile;
    QDoubleSpinBox* m_interval;
    QLabel* m_warning;
};

} // namespace vigie
