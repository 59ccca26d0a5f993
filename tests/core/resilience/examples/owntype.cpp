#include "core/resilience/threadrunner.h"

#include <iostream>

/// What the calls of this program return.
struct Reply {
    int status = 200;
};

template <>
struct vigie::CallTraits<Reply> {
    static bool ok(const Reply& reply) { return reply.status < 400; }
    static CallTrouble trouble(const Reply& reply) {
        return {errorClassOf(reply.status), {}, "an HTTP error"};
    }
    static Reply refuse(const CallError&) { return Reply{503}; }

private:
    static ErrorClass errorClassOf(int status) {
        return status < 500 ? ErrorClass::InvalidRequest : ErrorClass::ServerError;
    }
};

int main() {
    vigie::Profile profile;
    profile.retry.maxAttempts = 1;
    profile.circuit->consecutiveFailures = 1;
    vigie::Pipeline pipeline("own", profile);
    const auto failing = [](const vigie::CallContext&) { return Reply{500}; };
    const Reply first = vigie::runOnThread(pipeline, vigie::SteadyTime(), failing);
    const Reply second = vigie::runOnThread(pipeline, vigie::SteadyTime(), failing); // refused
    std::cout << first.status << ", then " << second.status << '\n';
    return first.status == 500 && second.status == 503 ? 0 : 1;
}
