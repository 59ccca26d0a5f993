#include "core/resilience/threadrunner.h"

#include <iostream>

/// Told of everything that pipelines do.
struct Printer : vigie::CallListener {
    void happened(const vigie::CallEvent& event) override {
        std::cout << event.key << ": " << toString(event.kind) << '\n';
        ++events;
    }
    int events = 0;
};

int main() {
    using namespace std::chrono_literals;
    using enum vigie::Strategy;
    Printer printer;
    vigie::PipelineParts parts;
    parts.listener = &printer;
    vigie::Profile profile;
    profile.retry.backoff.first = 1ms;
    profile.order = {Retry, CircuitBreaker, Timeout}; // outermost first
    vigie::Pipeline pipeline("orders", profile, parts);

    int calls = 0;
    const auto call = [&calls](const vigie::CallContext&) -> vigie::Result<int> {
        if (++calls == 1)
            return vigie::CallError{vigie::ErrorClass::ConnectionRefused, "nobody there", {}};
        return calls;
    };
    const auto result = vigie::runOnThread(pipeline, vigie::SteadyTime(), call); // two events

    // The same with the order fixed when compiling, so that all of it is inlined.
    constexpr vigie::FixedOrder<Retry, CircuitBreaker, Timeout> order;
    const auto again = order.run(pipeline, vigie::SteadyTime(), call); // one event
    return result && again && printer.events == 3 ? 0 : 1;
}
