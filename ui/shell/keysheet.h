#pragma once

#include <QDialog>

namespace vigie {

/// `?`: every key of the window, and the filter language by example.
class KeySheet final : public QDialog {
    Q_OBJECT
public:
    explicit KeySheet(QWidget* parent);
};

} // namespace vigie
