#include "core/alerts/silence.h"

#include <QCryptographicHash>

#include <algorithm>

namespace vigie {

QString toString(SilenceState state) {
    switch (state) {
    case SilenceState::Pending:
        return QStringLiteral("pending");
    case SilenceState::Active:
        return QStringLiteral("active");
    case SilenceState::Expired:
        break;
    }
    return QStringLiteral("expired");
}

SilenceState Silence::state(WallTime now) const {
    if (now >= endsAt)
        return SilenceState::Expired;
    return now < startsAt ? SilenceState::Pending : SilenceState::Active;
}

bool Silence::covers(const QMap<QString, QString>& labels) const {
    return !matchers.empty() && std::ranges::all_of(matchers, [&](const LabelMatcher& matcher) {
        return matcher.matches(labels);
    });
}

QString fingerprintOf(const QMap<QString, QString>& labels) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (auto label = labels.begin(); label != labels.end(); ++label) {
        hash.addData(label.key().toUtf8());
        hash.addData(QByteArrayView("\xff", 1));
        hash.addData(label.value().toUtf8());
        hash.addData(QByteArrayView("\xff", 1));
    }
    return QString::fromLatin1(hash.result().left(8).toHex());
}

} // namespace vigie
