#include "core/telemetry/tracecontext.h"

#include <algorithm>
#include <vector>

namespace vigie {

namespace {

constexpr std::size_t maxMembers = 32;
constexpr std::size_t maxKeyBytes = 256;
constexpr std::size_t maxTenantBytes = 241; ///< before the @ of a key
constexpr std::size_t maxSystemBytes = 14;  ///< after it
constexpr std::size_t maxValueBytes = 256;
constexpr std::size_t keptBytes = 512;  ///< of the whole list, handed on at least
constexpr std::size_t longMember = 128; ///< the first to go

bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isKeyPart(std::string_view part, std::size_t maxBytes, bool mayBeginWithDigit) {
    return !part.empty() && part.size() <= maxBytes &&
           (isLower(part.front()) || (mayBeginWithDigit && isDigit(part.front()))) &&
           std::ranges::all_of(part, [](char c) {
               return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '*' || c == '/';
           });
}

bool isKey(std::string_view key) {
    const std::size_t at = key.find('@');
    if (at == std::string_view::npos)
        return isKeyPart(key, maxKeyBytes, false);
    return isKeyPart(key.substr(0, at), maxTenantBytes, true) &&
           isKeyPart(key.substr(at + 1), maxSystemBytes, false);
}

bool isValue(std::string_view value) {
    return !value.empty() && value.size() <= maxValueBytes && value.back() != ' ' &&
           std::ranges::all_of(value,
                               [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

std::string_view withoutBlanks(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::size_t joinedBytes(const std::vector<std::string_view>& members) {
    std::size_t bytes = members.empty() ? 0 : members.size() - 1;
    for (const std::string_view member : members)
        bytes += member.size();
    return bytes;
}

/// Whole members are left out, never parts of one.
void shorten(std::vector<std::string_view>& members) {
    for (auto member = members.rbegin(); member != members.rend();) {
        if (joinedBytes(members) <= keptBytes)
            return;
        const auto here = std::next(member).base();
        ++member;
        if (here->size() > longMember)
            member = std::make_reverse_iterator(members.erase(here));
    }
    while (joinedBytes(members) > keptBytes)
        members.pop_back();
}

} // namespace

std::optional<std::string> parseTraceState(std::string_view list) {
    std::vector<std::string_view> members, keys;
    for (bool more = true; more;) {
        const std::size_t comma = list.find(',');
        const std::string_view member = withoutBlanks(list.substr(0, comma));
        more = comma != std::string_view::npos;
        list.remove_prefix(more ? comma + 1 : list.size());
        if (member.empty())
            continue;
        const std::size_t equals = member.find('=');
        if (equals == std::string_view::npos)
            return {};
        const std::string_view key = member.substr(0, equals);
        if (!isKey(key) || !isValue(member.substr(equals + 1)) ||
            std::ranges::find(keys, key) != keys.end() || members.size() == maxMembers)
            return {};
        keys.push_back(key);
        members.push_back(member);
    }
    shorten(members);
    std::string joined;
    for (const std::string_view member : members) {
        if (!joined.empty())
            joined += ',';
        joined += member;
    }
    return joined;
}

} // namespace vigie
