#pragma once

#include "core/store/store.h"

#include <memory>
#include <optional>

namespace vigie {

/// A store that fails when told to, and that others share when told so.
class BreakableStore final : public Store {
public:
    explicit BreakableStore(std::unique_ptr<Store> inner) : m_inner(std::move(inner)) {}

    bool broken = false;
    bool losesAnswers = false; ///< as if the process died before an answer was remembered
    bool isShared = false;
    QString leader; ///< another one, which leads; empty: none does

    Task<Outcome<FleetContents>> load() override { return through(m_inner->load()); }
    Task<Outcome<void>> commit(ChangeSet changes) override {
        return broken ? failing<void>() : m_inner->commit(std::move(changes));
    }
    Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) override {
        return broken ? failing<void>() : m_inner->saveHeartbeats(std::move(beats));
    }
    Task<Outcome<std::vector<ActionLog>>> actionLogs(ActionLogQuery query) override {
        return through(m_inner->actionLogs(std::move(query)));
    }
    Task<Outcome<std::vector<ActionLog>>> openActions() override {
        return through(m_inner->openActions());
    }
    Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) override {
        return through(m_inner->history(std::move(id), limit));
    }
    Task<Outcome<std::vector<AccessToken>>> tokens() override { return through(m_inner->tokens()); }
    Task<Outcome<void>> addToken(AccessToken token) override {
        return through(m_inner->addToken(std::move(token)));
    }
    Task<Outcome<void>> removeToken(QString name) override {
        return through(m_inner->removeToken(std::move(name)));
    }
    Task<Outcome<RememberedAnswer>> rememberAnswer(QByteArray key,
                                                   RememberedAnswer answer) override {
        if (losesAnswers)
            return keptNothing(std::move(answer));
        return through(m_inner->rememberAnswer(std::move(key), std::move(answer)));
    }
    Task<Outcome<std::optional<RememberedAnswer>>> recallAnswer(QByteArray key) override {
        return through(m_inner->recallAnswer(std::move(key)));
    }
    Task<Outcome<std::vector<QueuedCommand>>> commands() override {
        return through(m_inner->commands());
    }
    Task<Outcome<std::vector<QueuedCommand>>> takeCommands(std::vector<CommandKind> kinds,
                                                           int most) override {
        return through(m_inner->takeCommands(std::move(kinds), most));
    }
    Task<Outcome<void>> settleCommand(QueuedCommand command,
                                      std::optional<std::chrono::milliseconds> again) override {
        return through(m_inner->settleCommand(std::move(command), again));
    }
    Task<Outcome<std::vector<FinopsEvent>>> finopsEvents(FinopsQuery query) override {
        return through(m_inner->finopsEvents(std::move(query)));
    }
    Task<Outcome<std::vector<TokenTotals>>> tokenTotals(InstanceId id) override {
        return through(m_inner->tokenTotals(std::move(id)));
    }
    Task<Outcome<void>> saveSamples(std::vector<StoredSample> samples) override {
        return broken ? failing<void>() : m_inner->saveSamples(std::move(samples));
    }
    Task<Outcome<std::vector<StoredSample>>> samples(SampleQuery query) override {
        return through(m_inner->samples(std::move(query)));
    }
    Task<Outcome<int>> removeSamples(WallTime before, int most) override {
        return broken ? failing<int>() : m_inner->removeSamples(before, most);
    }

    bool shared() const override { return isShared; }
    Task<Outcome<QStringList>> claim(QStringList names) override {
        if (!leader.isEmpty())
            names.removeAll(QStringLiteral("leader"));
        co_return names;
    }
    Task<Outcome<QString>> holder(QString /*name*/) override { co_return leader; }

private:
    static Task<Outcome<RememberedAnswer>> keptNothing(RememberedAnswer answer) {
        co_return answer;
    }
    template <typename T>
    static Task<Outcome<T>> failing() {
        co_return fail(FailureKind::Storage, QStringLiteral("the disk is full"));
    }
    template <typename T>
    Task<Outcome<T>> through(Task<Outcome<T>> task) {
        return broken ? failing<T>() : std::move(task);
    }

    std::unique_ptr<Store> m_inner;
};

} // namespace vigie
