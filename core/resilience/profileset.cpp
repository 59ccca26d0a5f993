#include "core/resilience/profileset.h"

namespace vigie {

void ProfileSet::put(Profile profile) {
    std::string name = profile.name;
    m_profiles.insert_or_assign(std::move(name), std::move(profile));
}

const Profile* ProfileSet::find(std::string_view name) const {
    const auto found = m_profiles.find(name);
    return found == m_profiles.end() ? nullptr : &found->second;
}

std::vector<std::string> ProfileSet::names() const {
    std::vector<std::string> all;
    for (const auto& [name, profile] : m_profiles)
        all.push_back(name);
    return all;
}

std::string ProfileSet::unknown(std::string_view name) const {
    std::string text = "there is no profile \"" + std::string(name) + "\"; there ";
    text += m_profiles.empty() ? "are none" : m_profiles.size() == 1 ? "is " : "are ";
    const char* separator = "";
    for (const auto& [known, profile] : m_profiles) {
        text += separator + known;
        separator = ", ";
    }
    return text;
}

std::string ProfileSet::problem() const {
    for (const auto& [name, profile] : m_profiles) {
        if (const std::string wrong = profile.problem(); !wrong.empty())
            return "profile " + name + ": " + wrong;
    }
    return {};
}

} // namespace vigie
