#pragma once

#include "core/base/task.h"
#include "core/http/httpclient.h"
#include "core/model/heartbeat.h"
#include "core/model/tokencount.h"
#include "core/worker/mockengine.h"
#include "core/worker/workercalls.h"

#include <QUrl>

namespace vigie {

/// What a look at the model server found.
struct ModelState {
    bool ready = false;
    QString why; ///< one sentence when it is not ready
    std::optional<QueueSample> queue;
    std::optional<TokenCount> tokens{}; ///< since the model server's start
};

/// Looks whether the model server serves.
class ModelCheck {
public:
    virtual ~ModelCheck() = default;
    virtual Task<ModelState> look(std::stop_token stop) = 0;
};

/// Asks a model server over HTTP: ready when GET <base>/v1/models answers a list of models. Queue
/// figures come from its /metrics when it has one.
class HttpModelCheck final : public ModelCheck {
public:
    /// `base` with or without a trailing slash; `deadline` per request.
    HttpModelCheck(Clock& clock, HttpClient& client, QUrl base, Duration deadline);
    Task<ModelState> look(std::stop_token stop) override;

private:
    WorkerCalls m_calls;
    QUrl m_base;
    Duration m_deadline;
};

/// Looks at a mock engine of the same process without a detour over the network.
class MockModelCheck final : public ModelCheck {
public:
    explicit MockModelCheck(const MockEngine& engine) : m_engine(engine) {}
    Task<ModelState> look(std::stop_token stop) override;

private:
    const MockEngine& m_engine;
};

/// vLLM's queue figures in a Prometheus text page, summed over its models; nothing when the page
/// has none.
std::optional<QueueSample> parseVllmQueue(QByteArrayView page);

/// vLLM's counters of tokens and of requests that succeeded, summed over models and reasons;
/// nothing when the page has no counter of tokens.
std::optional<TokenCount> parseVllmTokens(QByteArrayView page);

} // namespace vigie
