#pragma once

#include "core/model/instance.h"

#include <simdjson.h>

#include <unordered_map>

/// How one instance is read with simdjson's on-demand parser; only for instancecodec.cpp.
namespace vigie::instancerow {

namespace od = simdjson::ondemand;

/// Words that many instances share are one QString. The keys live in the parser's string buffer.
class Words {
public:
    QString word(std::string_view text) {
        constexpr std::size_t maxInterned = 8192;
        if (const auto found = m_words.find(text); found != m_words.end())
            return found->second;
        const QString word = plain(text);
        if (m_words.size() < maxInterned)
            m_words.emplace(text, word);
        return word;
    }
    static QString plain(std::string_view text) {
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    }

private:
    std::unordered_map<std::string_view, QString> m_words;
};

// Each reads what it can: another type than the one asked for is nothing.
std::optional<std::string_view> textOf(od::value& value);
std::optional<int> smallOf(od::value& value);
std::optional<WallTime> timeOf(od::value& value);
std::optional<bool> truthOf(od::value& value);

/// Calls `use(key, value)` for each member. An error is one of the JSON itself and final.
template <typename Use>
simdjson::error_code forEachMember(od::object object, const Use& use) {
    for (auto member : object) {
        std::string_view key;
        od::value value;
        if (const auto error = member.unescaped_key().get(key))
            return error;
        if (const auto error = member.value().get(value))
            return error;
        if (const auto error = use(key, value))
            return error;
    }
    return simdjson::SUCCESS;
}

// An error is one of the JSON itself and final.
simdjson::error_code readInstance(od::object object, Instance& to, Words& words);
simdjson::error_code readAssessment(od::value& value, std::optional<Assessment>& to, Words& words);
simdjson::error_code readHeld(od::value& value, std::optional<Held>& to, Words& words);

} // namespace vigie::instancerow
