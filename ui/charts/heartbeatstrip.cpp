#include "ui/charts/heartbeatstrip.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace vigie {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(HeartbeatStrip)
};

} // namespace

void paintHeartbeatStrip(QPainter& painter, const QRectF& box, const BeatTicks& beats,
                         const Theme& theme, bool stale) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    // Whole pixels, so that sixty bars look like sixty equal bars.
    const int pitch = std::max(2, static_cast<int>(box.width()) / static_cast<int>(beats.size()));
    const int width = std::max(1, pitch - (pitch > 3 ? 2 : 1));
    const int bottom = static_cast<int>(box.bottom());
    const int height = static_cast<int>(box.height());
    int x = static_cast<int>(box.right()) - pitch * static_cast<int>(beats.size());
    // While nobody answers, nothing is green: the shapes stay, the colours go.
    const auto tone = [&](Token token) { return theme.color(stale ? Token::Unknown : token); };
    for (const BeatTick tick : beats) {
        switch (tick) {
        case BeatTick::OnTime:
            painter.fillRect(x, bottom - height, width, height, tone(Token::Alive));
            break;
        case BeatTick::Late:
            painter.fillRect(x, bottom - height / 2, width, height / 2, tone(Token::Suspect));
            break;
        case BeatTick::Missed:
            painter.fillRect(x, bottom - 2, pitch, 2, tone(Token::Dead));
            break;
        case BeatTick::Unknown:
            painter.fillRect(x, bottom - height / 2, width, 1, tone(Token::Unknown));
            break;
        }
        x += pitch;
    }
    if (stale) {
        painter.fillRect(box, hatching(theme));
    }
    painter.restore();
}

QString heartbeatStripText(const BeatTicks& beats) {
    const auto count = [&](BeatTick tick) { return std::count(beats.begin(), beats.end(), tick); };
    const auto unknown = count(BeatTick::Unknown);
    if (unknown == static_cast<qsizetype>(beats.size()))
        return Words::tr("no beats known");
    return Words::tr("%1 on time, %2 late, %3 missed of %4")
        .arg(count(BeatTick::OnTime))
        .arg(count(BeatTick::Late))
        .arg(count(BeatTick::Missed))
        .arg(static_cast<qsizetype>(beats.size()) - unknown);
}

} // namespace vigie
