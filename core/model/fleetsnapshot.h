#pragma once

#include "core/base/failure.h"
#include "core/model/action.h"
#include "core/model/alert.h"
#include "core/model/breaker.h"
#include "core/model/heartbeat.h"
#include "core/model/instance.h"
#include "core/model/volume.h"
#include "core/telemetry/histogram.h"

#include <QHash>
#include <QUrl>

#include <array>
#include <memory>
#include <vector>

namespace vigie {

/// How far what a source told can be trusted, by the age of its last good answer.
enum class Freshness {
    Waiting,     ///< no answer yet since it was added
    Live,        ///< within one interval
    Late,        ///< over one interval
    Stale,       ///< over three
    Unreachable, ///< over three and the last polls failed
};
QString toString(Freshness freshness);

/// What a source can show and do, found out by asking it.
struct SourceCapabilities {
    bool instances = false;
    bool assessments = false; ///< part B: it judges by itself
    bool history = false;     ///< part B: /instances/{id}/history
    bool breakers = false;    ///< part B: /circuit_breakers
    bool actionLog = false;
    bool actions = false;                 ///< terminate, reinstall, archive
    bool operations = false;              ///< part B: plans, waves, pause and abort
    std::vector<Action> allowedActions{}; ///< part B: what we may ask there, by its word
    bool metrics = false;                 ///< it tells histograms only
    bool operator==(const SourceCapabilities&) const = default;
};

/// A latency histogram somebody measured, with the words that name its series.
struct LatencySeries {
    SourceId source;
    QString name; ///< "poll", "health_check", "prometheus_http_request_duration_seconds"
    QMap<QString, QString> labels;
    /// Exactly one of these is set: our own, or the other side's classic buckets (in seconds).
    std::shared_ptr<const Histogram> own;
    std::shared_ptr<const ClassicHistogram> foreign;
};

/// A source at one moment.
struct SourceStatus {
    SourceId id;
    QString name;
    QString kind; ///< "orchestrator", "prometheus"
    QUrl url;
    Freshness freshness = Freshness::Waiting;
    Duration interval{};
    std::optional<WallTime> lastSuccess, lastAttempt;
    std::optional<Failure> lastFailure; ///< of the newest poll; nothing when it succeeded
    int consecutiveFailures = 0;
    SourceCapabilities capabilities;
    QString version;                     ///< what /version says
    QString actor, role;                 ///< who we are there, when it tells
    std::optional<Duration> clockOffset; ///< its wall clock minus ours
    Breaker breaker;                     ///< ours, around it
    std::vector<Breaker> remoteBreakers;
    Histogram pollLatency; ///< of each request made of it, the waits between attempts left out
    std::vector<QString> notices; ///< what needs part B and is missing, one sentence each
    std::optional<double> beatsPerSecond, beatsExpectedPerSecond;
};

/// One tick of the heartbeat strip.
enum class BeatTick : quint8 { Unknown, OnTime, Late, Missed };

/// An instance as the dashboard shows it.
struct InstanceView {
    Instance instance;
    SourceId source;
    Freshness freshness = Freshness::Waiting; ///< of its source
    Assessment assessment;                    ///< the orchestrator's own, or our advice
    bool advisory = false;                    ///< true: the verdict is ours, not the orchestrator's
    std::optional<Duration> timeInState, stateLimit;
    std::array<BeatTick, 60> beats{}; ///< newest last
    WallTime firstSeen{};
    QString key() const { return source.value() + QLatin1Char('/') + instance.id.value(); }
    /// True when it was heard once and none of the last three expected beats came: what its beats
    /// carried (load, queue) is what was, not what is.
    bool hasFallenSilent() const;
    bool operator==(const InstanceView&) const = default;
};

/// Something that changed, for "what changed in the last 15 minutes".
struct ChangeNote {
    WallTime at{};
    SourceId source;
    InstanceId instance; ///< empty: about the source
    QString what;
};

/// One instance looked at closely; asked for by Inspect.
struct Inspection {
    SourceId source;
    InstanceId instance;
    WallTime at{};
    std::vector<StateChange> history;
    std::vector<ActionLog> actions;
    std::vector<Volume> volumes;
    QStringList notices; ///< what could not be asked, and why
    std::optional<Failure> failure;
    bool loading = false;
};

enum class ItemState { Waiting, Running, Done, Failed, Skipped, OutcomeUnknown };
QString toString(ItemState state);

/// What an orchestrator of part B says to an action before anything is sent.
struct ActionPreview {
    struct Item {
        SourceId source;
        InstanceId instance;
        bool allowed = false;
        QString guard;   ///< that stands against it, or that it waits for
        QString message; ///< the guard's sentence with its figures
        bool waits = false;
    };
    struct Capacity {
        SourceId source;
        int ready = 0, readyAfter = 0, lowestReady = 0;
        double costPerHour = 0, costPerHourAfter = 0; ///< EUR
    };
    OperationId id; ///< of the question
    std::vector<Item> items;
    std::vector<Capacity> capacities; ///< one for each source that answered
    QStringList failures;             ///< of sources that did not, one sentence each
};

/// A batch of manual actions and how far it is.
struct Operation {
    struct Item {
        SourceId source;
        InstanceId instance; ///< with DeleteVolume the id of the volume
        ItemState state = ItemState::Waiting;
        QString message;
    };
    OperationId id;
    Action action = Action::Terminate;
    QString reason;
    WallTime startedAt{};
    std::vector<Item> items;
    bool finished = false;
    bool remote = false;  ///< an orchestrator carries it out: it can be paused and aborted
    bool paused = false;  ///< there, for `pausedBecause`
    bool aborted = false; ///< there: what was not begun is skipped
    QString pausedBecause{};
};

/// Everything the window shows, of one moment. Immutable once published.
struct FleetSnapshot {
    quint64 sequence = 0;
    WallTime takenAt{};
    std::vector<SourceStatus> sources;
    /// Sorted by key(). Shared with the snapshots before it where nothing changed.
    std::vector<std::shared_ptr<const InstanceView>> instances;
    std::vector<Alert> alerts; ///< firing and pending first, then recently resolved
    struct SourcedLog {
        SourceId source;
        ActionLog entry;
    };
    std::vector<std::shared_ptr<const SourcedLog>> log; ///< newest first, at most 2000
    std::vector<LatencySeries> latencies;
    std::vector<ChangeNote> changes;                    ///< newest first, at most 200
    std::vector<Operation> operations;                  ///< newest first, at most 20
    std::shared_ptr<const ActionPreview> actionPreview; ///< the answer to the last PlanAction
    std::shared_ptr<const Inspection> inspection;
    std::optional<QString> sourceTest; ///< see TestSource: lines of the running or last test

    const SourceStatus* source(const SourceId& id) const;
    const InstanceView* find(const SourceId& source, const InstanceId& id) const;
    /// True while any source is not live: then nothing may be painted all-green.
    bool blind() const;
};
using SnapshotPtr = std::shared_ptr<const FleetSnapshot>;

} // namespace vigie
