#pragma once

#include "core/config/settings.h"

#include <QVariant>

#include <optional>

namespace vigie {

/// Reads one value as people write it in variables and flags; `scale` multiplies a number (a seed's
/// unit). Nothing when the type, the range or the words don't allow it. The result holds QString,
/// int, double, bool or QStringList.
std::optional<QVariant> settingFromText(const SettingSpec& spec, const QString& text,
                                        double scale = 1);

/// Reads several flags of one name: each is an element of a TextList; otherwise the last one
/// counts.
std::optional<QVariant> settingFromTexts(const SettingSpec& spec, const QStringList& texts);

/// Checks a value that already has a type (TOML, a default): a number is never taken for a text.
std::optional<QVariant> settingFromValue(const SettingSpec& spec, const QVariant& value);

/// What the spec accepts, as the end of a sentence: "seconds from 0.05 to 3600", "one of a, b".
QString settingAllowed(const SettingSpec& spec, double scale = 1);

/// A checked value as TOML. A secret is "(set)", or "" when it is empty.
QString settingAsToml(const SettingSpec& spec, const QVariant& value);

} // namespace vigie
