#include "core/tasks/engines/mock/mockfactory.h"

namespace vigie::engines::mock {

EngineDescriptor descriptor();

EngineDescriptor descriptor() {
    EngineDescriptor mock;
    mock.kind = QStringLiteral("mock");
    mock.summary = QStringLiteral("The empty factory: fails and dawdles by plan, without a model");
    mock.options = {
        engineOption("fail_every", SettingType::Integer, 3,
                     "Every so many-th request fails; 0 for none", 0, 1'000'000),
        engineOption("slow_every", SettingType::Integer, 5,
                     "Every so many-th of the others is slow; 0 for none", 0, 1'000'000),
        engineOption("fail_rate", SettingType::Number, 0.0,
                     "Share of all requests that fail besides, by a die", 0, 1),
        engineOption("seed", SettingType::Integer, 1, "Seed of that die", 0, {}),
        engineOption("fail_after_seconds", SettingType::Seconds, 0.05,
                     "Seconds until a failure shows", 0, 3600),
        engineOption("slow_seconds", SettingType::Seconds, 5.0, "Seconds a slow answer takes", 0,
                     3600),
        engineOption("normal_seconds", SettingType::Seconds, 0.15, "Seconds any other answer takes",
                     0, 3600),
    };
    mock.create = [](const EngineContext& context) -> Outcome<std::unique_ptr<TaskEngine>> {
        MockFactoryOptions options;
        options.failEvery = context.options.integer("fail_every");
        options.slowEvery = context.options.integer("slow_every");
        options.failRate = context.options.number("fail_rate");
        options.seed = static_cast<quint32>(context.options.integer("seed"));
        options.failAfter = context.options.seconds("fail_after_seconds");
        options.slow = context.options.seconds("slow_seconds");
        options.normal = context.options.seconds("normal_seconds");
        return std::make_unique<MockFactory>(context.clock, options);
    };
    return mock;
}

} // namespace vigie::engines::mock
