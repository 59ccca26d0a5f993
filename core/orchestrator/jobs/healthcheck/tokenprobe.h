#pragma once

#include "core/orchestrator/jobs/healthcheck/prober.h"
#include "core/tasks/executor/taskexecutor.h"

namespace vigie::jobs::healthcheck {

struct TokenProbeOptions {
    bool enabled = false;
    Duration interval = std::chrono::seconds(300); ///< between two good answers of one instance
    Duration deadline = std::chrono::seconds(30);
    int maxTokens = 4;
    QString prompt = QStringLiteral("Say OK.");
};

/// Asks the model of an instance for a few real tokens, as a task through the task executor: a
/// server that lists its models and no longer computes is found by nothing else.
class TokenProbe {
public:
    TokenProbe(Clock& clock, HttpSend send, TokenProbeOptions options);
    ~TokenProbe();

    const TokenProbeOptions& options() const { return m_options; }

    struct Answer {
        bool ok = false;
        QString says; ///< one sentence
        Duration latency{};
    };
    Task<Answer> ask(QHostAddress address, quint16 port, QString model, std::stop_token stop);

private:
    class Servers;

    TokenProbeOptions m_options;
    EngineSet m_engines;
    Servers* m_servers; ///< of m_engines
    TaskExecutor m_executor;
};

} // namespace vigie::jobs::healthcheck
