#include "core/calls/faultcodec.h"
#include "core/calls/profilecodec.h"
#include "core/calls/profiles.h"
#include "core/resilience/pipeline.h"

#include <cstdint>
#include <cstdlib>

using namespace vigie;

namespace {

const QString file = QStringLiteral("fuzz.toml");

void require(bool condition) {
    if (!condition)
        std::abort();
}

template <typename Read>
bool isGood(const Read& read) {
    require(read || read.error().message.startsWith(file));
    return read.has_value();
}

} // namespace

/// Anything may lie where profiles or rules of fault injection are expected. What is accepted is
/// usable: a pipeline takes it, and so does one that had another profile before.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const Profile& base = *builtInProfiles().find("llm-task");
    if (const auto profile = readProfile(bytes, file, base); isGood(profile)) {
        require(profile->problem().empty());
        Pipeline pipeline("key", base);
        require(pipeline.reload(*profile, {}).empty());
        (void)profile->forModel("llama-3-8b");
    }
    if (const auto profiles = readProfiles(bytes, file, builtInProfiles()); isGood(profiles))
        require(profiles->find("llm-task") && profiles->find("llm-task")->problem().empty());
    if (const auto rules = readFaultRules(bytes, file); isGood(rules)) {
        FaultInjection faults(1);
        for (const FaultRule& rule : *rules)
            require(rule.problem().empty());
        require(faults.set(*rules, {}).empty());
        (void)faults.draw("provider:mock", FaultInjection::Time(std::chrono::hours(1)));
    }
    return 0;
}
