#pragma once

#include "core/resilience/profile.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// The profiles of a program, by name.
class ProfileSet {
public:
    /// Replaces one of the same name.
    void put(Profile profile);
    /// Null when there is none of that name.
    const Profile* find(std::string_view name) const;
    std::vector<std::string> names() const;
    /// "there is no profile "apo"; there are api, database, ..."
    std::string unknown(std::string_view name) const;
    /// Empty when all are usable, else the first problem with the profile's name before it.
    std::string problem() const;

private:
    std::map<std::string, Profile, std::less<>> m_profiles;
};

} // namespace vigie
