#pragma once

#include "core/base/systemclock.h"
#include "core/sources/opensource.h"
#include "tests/support/await.h"

namespace vigie::test {

/// One real source over the network, polled by hand.
struct SourceBench {
    SystemClock clock;
    HttpClient client{clock};
    std::unique_ptr<Source> source;
    std::optional<Failure> refused; ///< why it could not be opened

    static SourceConfig at(const QUrl& url, const QString& kind = QStringLiteral("orchestrator")) {
        SourceConfig config;
        config.id = SourceId(QStringLiteral("s"));
        config.name = QStringLiteral("s");
        config.kind = kind;
        config.url = url;
        config.interval = std::chrono::seconds(2);
        return config;
    }
    /// No retries and no breaker, so that a test sees each call once.
    static EndpointOptions once() {
        EndpointOptions options;
        options.name = QStringLiteral("test");
        options.maxAttempts = 1;
        options.breakerEnabled = false;
        return options;
    }

    explicit SourceBench(SourceConfig config, EndpointOptions options = once()) {
        auto opened =
            openSource(sources::registry(), {clock, client, std::move(config), std::move(options)});
        if (opened)
            source = std::move(*opened);
        else
            refused = opened.error();
    }

    Outcome<SourceReading> poll() { return *await(source->poll(std::stop_token())); }
    Outcome<Inspection> inspect(const QString& id) {
        return *await(source->inspect(InstanceId(id), std::stop_token()));
    }
    Outcome<QString> act(Action action, const QString& id,
                         const QString& reason = QStringLiteral("why"),
                         const QByteArray& key = "key-1") {
        return *await(source->act(action, InstanceId(id), reason, key, std::stop_token()));
    }
};

inline bool has(const std::vector<QString>& notices, const QString& part) {
    return std::ranges::any_of(notices, [&](const QString& n) { return n.contains(part); });
}

} // namespace vigie::test
