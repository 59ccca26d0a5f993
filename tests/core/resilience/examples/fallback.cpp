#include "core/resilience/threadrunner.h"

#include <iostream>

int main() {
    vigie::Profile profile;
    profile.fallback.only = {vigie::ErrorClass::ModelNotFound};
    vigie::Pipeline pipeline("model:large", profile);

    using Answer = vigie::Result<std::string>;
    const auto call = [](const vigie::CallContext&) -> Answer {
        return vigie::CallError{vigie::ErrorClass::ModelNotFound, "no such model", {}};
    };
    const auto smaller = [](const vigie::CallTrouble&) -> Answer {
        return std::string("the small model");
    };
    const auto result = vigie::runOnThread(pipeline, vigie::SteadyTime(), call, {}, smaller);
    std::cout << "answered by " << result.value() << '\n';
    return result.value() == "the small model" ? 0 : 1;
}
