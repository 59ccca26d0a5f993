#pragma once

#include "core/base/eventual.h"
#include "core/runtime/engine.h"
#include "tests/support/fakeclock.h"

#include <map>

namespace vigie::test {

/// An orchestrator that exists only in the test's head: what it says, and how it fails.
struct FakeWorld {
    std::vector<Instance> instances;
    std::vector<ActionLog> log;
    std::optional<Failure> failure; ///< of polls
    bool silent = false;            ///< polls and actions never answer until released
    bool judges = false;            ///< capability assessments
    std::optional<Duration> clockAhead = Duration::zero(); ///< of its clock against ours
    int polls = 0;
    int polling = 0;
    int mostPolling = 0;
    int inspections = 0;
    int acting = 0;
    int mostActing = 0;
    std::vector<QByteArray> keys;
    QStringList reasons;
    std::function<Outcome<QString>(const InstanceId&)> act;
    std::vector<Eventual<bool>> held;
    // What carries out operations there.
    bool operates = false;
    RemoteOperation operation; ///< what is told of it; its id is empty until one is begun
    std::vector<InstanceId> begun;
    std::vector<command::OperationVerb> verbs;
    int follows = 0;
    std::optional<Failure> refusal; ///< of plans and begins
    ActionPreview preview;

    void release() {
        silent = false;
        for (const auto& one : std::exchange(held, {}))
            one.resolve(true);
    }
};

} // namespace vigie::test
