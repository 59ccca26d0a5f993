#include "core/providers/scaleway/scalewayid.h"

#include <algorithm>

namespace vigie {

bool isScalewayZone(const QString& text) {
    const auto plain = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
    };
    return !text.isEmpty() && text.size() <= 32 && std::ranges::all_of(text, plain);
}

bool isUuid(const QString& text) {
    if (text.size() != 36)
        return false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (c >= u'a' && c <= u'f') || (c >= u'0' && c <= u'9');
        if (dash ? c != u'-' : !hex)
            return false;
    }
    return true;
}

std::optional<ScalewayId> ScalewayId::from(const QString& text) {
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    if (slash < 0)
        return std::nullopt;
    ScalewayId id{text.left(slash), text.mid(slash + 1)};
    if (!isScalewayZone(id.zone) || !isUuid(id.uuid))
        return std::nullopt;
    return id;
}

} // namespace vigie
