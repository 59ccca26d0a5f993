#pragma once

#include "core/alerts/alertengine.h"
#include "core/runtime/closelook.h"
#include "core/runtime/logbook.h"
#include "core/runtime/operations.h"

#include <deque>
#include <map>

namespace vigie {

/// The dashboard's logic on one thread: polls every source, keeps the fleet, judges, alerts, runs
/// what a person asks for, and publishes what the window shows. All time comes from `clock`, all
/// network from `opener`.
class Engine {
public:
    /// `publish` gets a snapshot whenever something changed, at most one per `publishEvery`, and at
    /// least one a second, since ages grow without any news. It is called on this thread, never
    /// from inside submit() or the constructor.
    Engine(Clock& clock, EngineOptions options, SourceOpener opener,
           std::function<void(SnapshotPtr)> publish);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void submit(Command command);

private:
    void run(const command::PollNow& ask);
    void run(const command::AddSource& ask);
    void run(const command::RemoveSource& ask);
    void run(const command::TestSource& ask);
    void run(const command::Inspect& ask);
    void run(const command::StopInspecting& ask);
    void run(const command::Act& ask);
    void run(const command::PlanAction& ask);
    void run(const command::ControlOperation& ask);

    void take(const OperationId& question, const SourceId& source, Outcome<ActionPreview> answer);
    void remove(const SourceId& id);
    void heard(Channel& channel, const Outcome<SourceReading>& reading);
    void take(Channel& channel, const SourceReading& reading, bool wasBlind);
    void freshen(Channel& channel, MonotonicTime now);
    void tick();
    void markDirty();
    void publish();
    SnapshotPtr snapshot();
    void note(ChangeNote note);
    Channel* channel(const SourceId& id);
    const InstanceView* find(const SourceId& source, const InstanceId& id);
    OperationsHost operationsHost();

    Clock& m_clock;
    EngineOptions m_options;
    SourceOpener m_opener;
    std::function<void(SnapshotPtr)> m_publish;

    AlertEngine m_alerts;
    LogBook m_log;
    std::deque<ChangeNote> m_changes; ///< newest first
    Operations m_operations;
    OperationId m_question; ///< the last PlanAction
    std::shared_ptr<const ActionPreview> m_preview;
    CloseLook m_look;
    std::optional<QString> m_sourceTest;
    std::stop_source m_stopTest;
    quint64 m_testNumber = 0;
    quint64 m_sequence = 0;
    bool m_closing = false;
    MonotonicTime m_published;
    MonotonicTime m_ticked;
    Timer m_due; ///< active while a snapshot is to be published

    /// By "id/", which puts the instances of all sources in the order of their keys.
    std::map<QString, std::unique_ptr<Channel>> m_channels;
    std::vector<std::unique_ptr<Channel>> m_leaving; ///< removed, but still finishing something
    Ticker m_ticker;
    TaskScope m_scope;
};

} // namespace vigie
