#include "core/resilience/bulkhead.h"

#include <iostream>

int main() {
    vigie::BulkheadOptions options;
    options.maxConcurrentCalls = 2;
    vigie::Bulkhead bulkhead(options);

    const vigie::BulkheadPermit first = bulkhead.tryAcquire();
    {
        const vigie::BulkheadPermit second = bulkhead.tryAcquire();
        const vigie::BulkheadPermit third = bulkhead.tryAcquire();
        std::cout << bulkhead.running() << " calls are under way\n";
        if (!first || !second || third)
            return 1;
    } // their places are given back here
    return bulkhead.running() == 1 ? 0 : 1;
}
