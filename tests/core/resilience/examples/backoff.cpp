#include "core/resilience/backoff.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::BackoffOptions options;
    options.growth = vigie::BackoffOptions::Growth::Exponential;
    options.first = 200ms;
    options.factor = 2;
    options.max = 1s;
    options.jitter = vigie::BackoffOptions::Jitter::Share;
    options.share = 0.1; // each wait is up to 10 % shorter or longer

    vigie::Backoff backoff(options, 42); // the seed: equal seeds give equal waits
    for (int i = 0; i < 5; ++i) {
        const auto wait = backoff.next();
        std::cout << wait / 1ms << " ms\n";
        if (wait < 180ms || wait > 1s)
            return 1;
    }
}
