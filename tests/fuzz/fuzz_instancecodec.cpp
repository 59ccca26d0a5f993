#include "core/model/instancecodec.h"

#include <cstdint>
#include <cstdlib>

/// Any bytes may come from a source; what was read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vigie;
    const QByteArray body(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    if (const auto list = decodeInstances(body)) {
        std::vector<const Instance*> rows;
        for (const auto& instance : list->instances)
            rows.push_back(instance.get());
        const auto again = decodeInstances(encodeInstances(rows));
        if (!again || again->instances.size() != rows.size())
            std::abort();
    }
    (void)decodeInstanceDetail(body);
    (void)decodeAssessment(body);
    return 0;
}
