#pragma once

#include <vector>

namespace vigie {

/// A file of resources/profiles as it was when the program was built.
struct BuiltInProfile {
    const char* name; ///< "api"
    const char* toml;
};

/// All of them, by name.
const std::vector<BuiltInProfile>& builtInProfileFiles();

} // namespace vigie
