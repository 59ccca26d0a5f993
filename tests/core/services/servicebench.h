#pragma once

#include "core/base/systemclock.h"
#include "core/http/httpclient.h"
#include "core/services/service.h"
#include "tests/support/await.h"
#include "tests/support/fakeservice.h"

#include <algorithm>

namespace vigie {

/// Real time, but waits of less than the shortest call time-out (those between retries) are over at
/// once: what is tested is whether there is a retry, not how long it waits.
class HurriedClock final : public Clock {
public:
    MonotonicTime now() const noexcept override { return m_clock.now(); }
    WallTime wallNow() const noexcept override { return m_clock.wallNow(); }
    [[nodiscard]] Timer schedule(Duration delay, std::function<void()> action) override {
        const bool isBackoff = delay < std::chrono::milliseconds(4900);
        return m_clock.schedule(isBackoff ? std::min<Duration>(delay, std::chrono::milliseconds(1))
                                          : delay,
                                std::move(action));
    }

private:
    SystemClock m_clock;
};

inline QByteArray wordOf(const Failure& failure) {
    return toString(classify(failure, ErrorClassifier()));
}

/// What a call that should have succeeded says instead.
template <typename T>
QByteArray saidBy(const std::optional<Outcome<T>>& outcome) {
    return !outcome   ? QByteArray("no answer")
           : *outcome ? QByteArray()
                      : outcome->error().message.toUtf8();
}

/// Settings of one service as its users give them: "url=http://..." in pairs.
inline Outcome<Settings> serviceSettingsWith(const std::vector<SettingSpec>& specs,
                                             const QList<QPair<QString, QString>>& values) {
    SettingsInput input;
    for (const auto& [flag, value] : values)
        input.flags[flag].append(value);
    return Settings::read(specs, input);
}

} // namespace vigie
