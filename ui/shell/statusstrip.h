#pragma once

#include "ui/models/cell.h"

#include <QWidget>

class QHBoxLayout;

namespace vigie {

class Clock;

/// One figure of the strip and where a click on it leads.
struct StatusFact {
    QString id;
    QString number;
    QString label;
    Shape shape;
    Token ink = Token::Text;
    bool quiet = false; ///< nothing to see: painted in the secondary colour
    bool hatched = false;
    QString panel, filter;
    QString tip;
};

/// What the strip says about a snapshot; `silence`: how long the engine has said nothing.
std::vector<StatusFact> statusFacts(const FleetSnapshot& snapshot, Duration silence);

/// The line at the top: instances by verdict, sources by freshness, breakers open, alerts firing.
/// What depends on a source that is not live is hatched.
class StatusStrip final : public QWidget {
    Q_OBJECT
public:
    explicit StatusStrip(QWidget* parent = nullptr);
    void show(const std::vector<StatusFact>& facts);

Q_SIGNALS:
    void clicked(const QString& panel, const QString& filter);

private:
    class Figure;
    QHBoxLayout* m_line;
    QList<Figure*> m_figures;
};

} // namespace vigie
