#pragma once

#include "core/base/clock.h"
#include "core/store/store.h"
#include "core/telemetry/windowedlatency.h"

#include <functional>
#include <memory>

namespace vigie {

/// A store whose commits are counted and timed.
class MeteredStore final : public Store {
public:
    MeteredStore(Clock& clock, std::unique_ptr<Store> inner)
        : m_clock(clock), m_inner(std::move(inner)) {}

    struct Figures {
        quint64 committed = 0;
        quint64 conflicts = 0; ///< lost compare-and-sets
        quint64 failed = 0;
    };
    const Figures& figures() const { return m_figures; }
    /// Of commits, whatever came of them.
    const WindowedLatency& latency() const { return m_latency; }

    /// Called with the history, log starts and volumes of a committed change set.
    void onCommitted(std::function<void(const ChangeSet&)> listener) {
        m_told = std::move(listener);
    }
    /// Called when a committed change set told something to those who keep the books.
    void onFinops(std::function<void()> listener) { m_finops = std::move(listener); }

    CircuitBreaker* circuit() override { return m_inner->circuit(); }
    Task<Outcome<FleetContents>> load() override { return m_inner->load(); }
    Task<Outcome<void>> commit(ChangeSet changes) override;
    Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) override {
        return m_inner->saveHeartbeats(std::move(beats));
    }
    Task<Outcome<void>> saveAssessments(std::vector<AssessmentStamp> stamps) override {
        return m_inner->saveAssessments(std::move(stamps));
    }
    Task<Outcome<std::vector<ActionLog>>> actionLogs(ActionLogQuery query) override {
        return m_inner->actionLogs(std::move(query));
    }
    Task<Outcome<ActionLogTotals>> actionLogTotals(ActionLogQuery query) override {
        return m_inner->actionLogTotals(std::move(query));
    }
    Task<Outcome<std::vector<ActionLog>>> openActions() override { return m_inner->openActions(); }
    Task<Outcome<std::vector<ActionLog>>> forgottenActions() override {
        return m_inner->forgottenActions();
    }
    Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) override {
        return m_inner->history(std::move(id), limit);
    }
    Task<Outcome<LogCheck>> verifyLog(std::optional<LogMark> known) override {
        return m_inner->verifyLog(std::move(known));
    }
    Task<Outcome<std::vector<AccessToken>>> tokens() override { return m_inner->tokens(); }
    Task<Outcome<void>> addToken(AccessToken token) override {
        return m_inner->addToken(std::move(token));
    }
    Task<Outcome<void>> removeToken(QString name) override {
        return m_inner->removeToken(std::move(name));
    }
    Task<Outcome<RememberedAnswer>> rememberAnswer(QByteArray key,
                                                   RememberedAnswer answer) override {
        return m_inner->rememberAnswer(std::move(key), std::move(answer));
    }
    Task<Outcome<std::optional<RememberedAnswer>>> recallAnswer(QByteArray key) override {
        return m_inner->recallAnswer(std::move(key));
    }
    bool shared() const override { return m_inner->shared(); }
    void follow(std::function<void(StoreNews)> listener) override {
        m_inner->follow(std::move(listener));
    }
    Task<Outcome<FleetContents>> loadSome(std::vector<InstanceId> ids) override {
        return m_inner->loadSome(std::move(ids));
    }
    Task<Outcome<qint64>> join(QString name, std::chrono::milliseconds lease) override {
        return m_inner->join(std::move(name), lease);
    }
    Task<Outcome<void>> renew(std::chrono::milliseconds lease) override {
        return m_inner->renew(lease);
    }
    Task<Outcome<QStringList>> claim(QStringList names) override {
        return m_inner->claim(std::move(names));
    }
    Task<Outcome<void>> unclaim(QStringList names) override {
        return m_inner->unclaim(std::move(names));
    }
    Task<Outcome<std::vector<QueuedCommand>>> commands() override { return m_inner->commands(); }
    Task<Outcome<std::vector<QueuedCommand>>> takeCommands(std::vector<CommandKind> kinds,
                                                           int most) override {
        return m_inner->takeCommands(std::move(kinds), most);
    }
    Task<Outcome<void>> settleCommand(QueuedCommand command,
                                      std::optional<std::chrono::milliseconds> again) override {
        return m_inner->settleCommand(std::move(command), again);
    }
    Task<Outcome<std::vector<FinopsEvent>>> finopsEvents(FinopsQuery query) override {
        return m_inner->finopsEvents(std::move(query));
    }
    Task<Outcome<std::vector<TokenTotals>>> tokenTotals(InstanceId id) override {
        return m_inner->tokenTotals(std::move(id));
    }
    Task<Outcome<void>> saveSamples(std::vector<StoredSample> samples) override {
        return m_inner->saveSamples(std::move(samples));
    }
    Task<Outcome<std::vector<StoredSample>>> samples(SampleQuery query) override {
        return m_inner->samples(std::move(query));
    }
    Task<Outcome<int>> removeSamples(WallTime before, int most) override {
        return m_inner->removeSamples(before, most);
    }
    Task<Outcome<std::vector<TableRows>>> removeOld(RetentionCut cut) override {
        return m_inner->removeOld(cut);
    }
    Task<Outcome<StoreSize>> size() override { return m_inner->size(); }
    Task<Outcome<void>> leave() override { return m_inner->leave(); }
    Task<Outcome<QString>> holder(QString name) override {
        return m_inner->holder(std::move(name));
    }

private:
    Clock& m_clock;
    std::function<void(const ChangeSet&)> m_told;
    std::function<void()> m_finops;
    std::unique_ptr<Store> m_inner;
    Figures m_figures;
    WindowedLatency m_latency;
};

} // namespace vigie
