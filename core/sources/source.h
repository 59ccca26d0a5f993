#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/http/endpoint.h"
#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"

#include <functional>
#include <memory>
#include <optional>

namespace vigie {

class OperationSource;

/// What one poll brought. Parts that this source does not tell stay absent.
struct SourceReading {
    QString kind; ///< which kind answered, when the source found that out itself; else empty
    SourceCapabilities capabilities;
    QString version, actor, role;
    std::optional<WallTime> serverTime;
    /// The whole fleet as the source knows it now (a source that reads deltas applies them itself).
    std::optional<std::vector<std::shared_ptr<const Instance>>> instances;
    std::optional<std::vector<Breaker>> breakers;
    std::optional<std::vector<ActionLog>> actionLog; ///< newest first
    std::vector<LatencySeries> latencies;
    std::vector<QString> notices;
};

/// A thing on the network that the dashboard reads. Every call goes through its Endpoint.
class Source {
public:
    virtual ~Source() = default;
    virtual Task<Outcome<SourceReading>> poll(std::stop_token stop) = 0;
    /// Asks for a closer look; what the other side does not offer becomes a notice.
    virtual Task<Outcome<Inspection>> inspect(InstanceId id, std::stop_token stop) = 0;
    /// Sends one action with its reason. The value is the other side's own sentence.
    virtual Task<Outcome<QString>> act(Action action, InstanceId id, QString reason,
                                       QByteArray idempotencyKey, std::stop_token stop) = 0;
    virtual const Endpoint& endpoint() const = 0;
    /// Nothing for a source that does not carry out actions on many by itself.
    virtual OperationSource* operations() { return nullptr; }
};

/// What a source is built from; all outlive it.
struct SourceContext {
    Clock& clock;
    HttpClient& client;
    SourceConfig config;
    EndpointOptions resilience;
};

struct SourceDescriptor {
    QString kind;
    QString summary;
    /// How well this kind explains the body that a GET of the URL gave (0 no, 1 sure), to find a
    /// source's kind out.
    std::function<double(const HttpReply&)> recognises;
    std::function<Outcome<std::unique_ptr<Source>>(SourceContext)> create;
};

namespace sources {
/// All kinds of this build; generated from the sub-folders.
std::vector<SourceDescriptor> registry();
} // namespace sources

} // namespace vigie
