#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QHash>
#include <QString>

namespace vigie {

/// The token file as values: colours as #RRGGBB per theme, font sizes and lengths in pixels.
struct Tokens {
    struct ThemedColor {
        QString dark, light;
    };
    QHash<QString, ThemedColor> colors;
    QHash<QString, int> fonts, sizes;
};

/// Invalid with the token's name when a value is missing or of the wrong form.
Outcome<Tokens> parseTokens(const QByteArray& json);

} // namespace vigie
