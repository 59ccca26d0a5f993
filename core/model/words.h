#pragma once

#include <QString>

#include <algorithm>
#include <array>
#include <optional>

namespace vigie {

/// An enumerator and its word on the wire.
template <typename Enum>
struct Word {
    Enum value;
    QStringView text;
};

/// The word of `value`; empty for a number that is no enumerator.
template <typename Enum, std::size_t N>
QString wordOf(const std::array<Word<Enum>, N>& words, Enum value) {
    const auto found = std::ranges::find(words, value, &Word<Enum>::value);
    return found == words.end() ? QString() : found->text.toString();
}

/// The enumerator of a word, letters compared exactly; nothing for a word that is not in the table.
template <typename Enum, std::size_t N>
std::optional<Enum> fromWord(const std::array<Word<Enum>, N>& words, QStringView text) {
    const auto found = std::ranges::find(words, text, &Word<Enum>::text);
    return found == words.end() ? std::nullopt : std::optional(found->value);
}

} // namespace vigie
