#include "core/runtime/engine.h"

#include "core/base/log.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

namespace {

constexpr Duration tickEvery = 250ms;
constexpr size_t maxChanges = 200;

QString channelKey(const SourceId& id) {
    return id.value() + QLatin1Char('/');
}

tl::unexpected<Failure> removed() {
    return fail(FailureKind::NotFound, QStringLiteral("The source was removed; nothing was sent."));
}

// Coroutines of their own, so that what they use lives in their frames.
Task<> planThere(OperationSource& there, Action action, std::vector<InstanceId> ids,
                 std::stop_token stop, std::function<void(Outcome<ActionPreview>)> answer) {
    Outcome<ActionPreview> plan = co_await there.plan(action, std::move(ids), std::move(stop));
    answer(std::move(plan));
}

Task<> beginThere(OperationSource& there, Operation operation, std::vector<InstanceId> ids,
                  std::stop_token stop, std::function<void(Outcome<QString>)> answer) {
    Outcome<QString> begun =
        co_await there.start(operation.action, std::move(ids), operation.reason,
                             operation.id.value().toUtf8(), std::move(stop));
    answer(std::move(begun));
}

Task<> followThere(OperationSource& there, QString id, std::optional<command::OperationVerb> verb,
                   std::stop_token stop, std::function<void(Outcome<RemoteOperation>)> answer) {
    Outcome<RemoteOperation> seen = co_await there.follow(std::move(id), verb, std::move(stop));
    answer(std::move(seen));
}

} // namespace

Engine::Engine(Clock& clock, EngineOptions options, SourceOpener opener,
               std::function<void(SnapshotPtr)> publish)
    : m_clock(clock), m_options(std::move(options)), m_opener(std::move(opener)),
      m_publish(std::move(publish)), m_alerts(rules::registry()),
      m_operations(clock, operationsHost()), m_look(clock, [this] { markDirty(); }),
      m_published(clock.now() - m_options.publishEvery), m_ticked(clock.now()),
      m_ticker(clock, tickEvery, [this] { tick(); }) {
    for (const SourceConfig& source : m_options.sources)
        run(command::AddSource{source});
    markDirty();
}

Engine::~Engine() {
    m_closing = true;
    m_due.cancel();
    m_stopTest.request_stop();
    for (auto& [key, channel] : m_channels)
        m_leaving.push_back(std::move(channel));
    m_channels.clear(); // what ends below finds no source any more
    for (const auto& channel : m_leaving)
        channel->poller.drain();
    m_scope.drain();
}

void Engine::submit(Command command) {
    std::visit([this](const auto& ask) { run(ask); }, command);
    markDirty();
}

void Engine::run(const command::PollNow&) {
    for (auto& [key, channel] : m_channels)
        channel->poller.pollNow();
}

void Engine::run(const command::AddSource& ask) {
    SourceConfig config = completed(ask.source);
    remove(config.id);
    logInfo(QStringLiteral("engine"),
            QStringLiteral("watching %1 (%2)")
                .arg(config.name, config.url.toDisplayString(QUrl::RemoveUserInfo)));
    auto& added = m_channels[channelKey(config.id)];
    added = std::make_unique<Channel>(
        m_clock, std::move(config), m_opener, m_options,
        [this](Channel& channel, const auto& reading) { heard(channel, reading); });
    added->poller.start();
}

void Engine::run(const command::RemoveSource& ask) {
    remove(ask.id);
}

void Engine::remove(const SourceId& id) {
    const auto found = m_channels.find(channelKey(id));
    if (found == m_channels.end())
        return;
    // What runs in it is told to end; it is destroyed once that is over, on a tick. What hears of
    // an end must not find it any more.
    Channel& leaving = *m_leaving.emplace_back(std::move(found->second));
    m_channels.erase(found);
    leaving.poller.stop();
    m_log.forget(id);
    if (m_look.inspection() && m_look.inspection()->source == id)
        m_look.close();
}

void Engine::run(const command::TestSource& ask) {
    m_stopTest.request_stop();
    m_stopTest = std::stop_source();
    m_sourceTest = QString();
    const quint64 number = ++m_testNumber;
    const auto line = [this, number](const QString& text) {
        if (number != m_testNumber)
            return;
        m_sourceTest = m_sourceTest->isEmpty() ? text : *m_sourceTest + QLatin1Char('\n') + text;
        markDirty();
    };
    m_scope.spawn(m_opener.test(completed(ask.source), line, m_stopTest.get_token()));
}

void Engine::run(const command::Inspect& ask) {
    m_look.open(channel(ask.source), ask.source, ask.instance);
}

void Engine::run(const command::StopInspecting&) {
    m_look.close();
}

void Engine::run(const command::Act& ask) {
    m_operations.start(ask);
}

void Engine::run(const command::ControlOperation& ask) {
    m_operations.control(ask);
}

void Engine::run(const command::PlanAction& ask) {
    m_question = ask.id; // until it is answered the last answer stands
    std::map<SourceId, std::vector<InstanceId>> shares;
    for (const auto& target : ask.targets)
        shares[target.source].push_back(target.named());
    for (auto& [source, ids] : shares) {
        Channel* target = channel(source);
        if (!target || !target->poller.status().capabilities.operations)
            continue;
        target->poller.operate(
            [this, id = ask.id, source = source, action = ask.action,
             ids = std::move(ids)](OperationSource& there, std::stop_token stop) {
                return planThere(there, action, ids, std::move(stop),
                                 [this, id, source](Outcome<ActionPreview> answer) {
                                     take(id, source, std::move(answer));
                                 });
            });
    }
}

void Engine::take(const OperationId& question, const SourceId& source,
                  Outcome<ActionPreview> answer) {
    if (question != m_question)
        return; // another one was asked meanwhile
    ActionPreview merged;
    if (m_preview && m_preview->id == question)
        merged = *m_preview;
    merged.id = question;
    if (!answer)
        merged.failures.append(answer.error().message);
    else {
        for (ActionPreview::Item& item : answer->items) {
            item.source = source;
            merged.items.push_back(std::move(item));
        }
        for (ActionPreview::Capacity& capacity : answer->capacities) {
            capacity.source = source;
            merged.capacities.push_back(capacity);
        }
    }
    m_preview = std::make_shared<const ActionPreview>(std::move(merged));
    markDirty();
}

OperationsHost Engine::operationsHost() {
    return {
        [this](const SourceId& source, const InstanceId& id) { return find(source, id); },
        [this](const SourceId& source, Action action, const InstanceId& id, const QString& reason,
               const QByteArray& key, std::function<void(Outcome<QString>)> answer) {
            if (Channel* target = channel(source))
                target->poller.act(action, id, reason, key, std::move(answer));
            else
                answer(removed());
        },
        [this](const SourceId& source) {
            Channel* target = channel(source);
            return target && target->poller.status().capabilities.operations;
        },
        [this](const SourceId& source, const Operation& operation, std::vector<InstanceId> ids,
               std::function<void(Outcome<QString>)> answer) {
            Channel* target = channel(source);
            const bool asked =
                target && target->poller.operate([operation, ids = std::move(ids), answer](
                                                     OperationSource& there, std::stop_token stop) {
                    return beginThere(there, operation, ids, std::move(stop), answer);
                });
            if (!asked)
                answer(removed());
        },
        [this](const SourceId& source, const QString& id,
               std::optional<command::OperationVerb> verb,
               std::function<void(Outcome<RemoteOperation>)> answer) {
            Channel* target = channel(source);
            const bool asked =
                target && target->poller.operate(
                              [id, verb, answer](OperationSource& there, std::stop_token stop) {
                                  return followThere(there, id, verb, std::move(stop), answer);
                              });
            if (!asked)
                answer(removed());
        },
        [this](const SourceId& source) {
            if (Channel* target = channel(source))
                target->poller.pollNow();
        },
        [this] { markDirty(); },
    };
}

void Engine::heard(Channel& channel, const Outcome<SourceReading>& reading) {
    const bool wasBlind = channel.blind();
    freshen(channel, m_clock.now());
    if (reading)
        take(channel, *reading, wasBlind);
    markDirty();
}

void Engine::take(Channel& channel, const SourceReading& reading, bool wasBlind) {
    const SourceId id = channel.poller.config().id;
    const ReadingTime time{m_clock.now(), m_clock.wallNow(), channel.poller.status().clockOffset};
    std::vector<InstanceId> touched;
    if (reading.instances) {
        if (wasBlind)
            channel.fleet.stalled(time.at);
        for (ChangeNote& change :
             channel.fleet.apply(*reading.instances, time, channel.poller.freshness())) {
            touched.push_back(change.instance);
            note(std::move(change));
        }
    }
    if (reading.actionLog) {
        const auto logged = m_log.merge(id, *reading.actionLog);
        touched.insert(touched.end(), logged.begin(), logged.end());
    }
    channel.latencies = reading.latencies;
    for (LatencySeries& series : channel.latencies)
        series.source = id;
    m_look.touched(channel, touched);
}

void Engine::freshen(Channel& channel, MonotonicTime now) {
    const Freshness before = channel.poller.freshness();
    if (channel.poller.refresh()) {
        note({m_clock.wallNow(),
              channel.poller.config().id,
              {},
              QStringLiteral("source %1 -> %2")
                  .arg(toString(before), toString(channel.poller.freshness()))});
        markDirty();
    }
    if (channel.fleet.pass(channel.poller.freshness(), now))
        markDirty();
}

void Engine::tick() {
    if (m_closing)
        return;
    const MonotonicTime now = m_clock.now();
    const Duration gap = now - std::exchange(m_ticked, now);
    for (auto& [key, channel] : m_channels) {
        // We stood still (SIGSTOP, a suspended machine): what we missed is nobody's silence.
        if (gap > std::max<Duration>(3 * channel->poller.config().interval, 1s) + tickEvery)
            channel->fleet.stalled(now);
        freshen(*channel, now);
    }
    m_operations.tick();
    std::erase_if(m_leaving, [](const auto& channel) { return channel->poller.idle(); });
    if (now - m_published >= 1s)
        markDirty();
}

void Engine::markDirty() {
    if (m_closing || m_due.active())
        return;
    m_due = m_clock.schedule(m_published + m_options.publishEvery - m_clock.now(),
                             [this] { publish(); });
}

void Engine::publish() {
    m_published = m_clock.now();
    m_publish(snapshot());
}

SnapshotPtr Engine::snapshot() {
    auto next = std::make_shared<FleetSnapshot>();
    next->sequence = ++m_sequence;
    next->takenAt = m_clock.wallNow();
    for (const auto& [key, channel] : m_channels) {
        next->sources.push_back(channel->status());
        const auto& views = channel->fleet.views();
        next->instances.insert(next->instances.end(), views.begin(), views.end());
        next->latencies.push_back({channel->poller.config().id,
                                   QStringLiteral("poll"),
                                   {},
                                   channel->poller.latency(),
                                   nullptr});
        next->latencies.insert(next->latencies.end(), channel->latencies.begin(),
                               channel->latencies.end());
    }
    m_alerts.evaluate({next->sources, next->instances}, m_clock.now(), m_clock.wallNow());
    next->alerts = m_alerts.alerts();
    next->log = m_log.entries();
    next->changes.assign(m_changes.begin(), m_changes.end());
    next->operations = m_operations.list();
    next->actionPreview = m_preview;
    next->inspection = m_look.inspection();
    next->sourceTest = m_sourceTest;
    return next;
}

void Engine::note(ChangeNote change) {
    m_changes.push_front(std::move(change));
    if (m_changes.size() > maxChanges)
        m_changes.pop_back();
}

Channel* Engine::channel(const SourceId& id) {
    const auto found = m_channels.find(channelKey(id));
    return found == m_channels.end() ? nullptr : found->second.get();
}

const InstanceView* Engine::find(const SourceId& source, const InstanceId& id) {
    Channel* known = channel(source);
    if (!known)
        return nullptr;
    const auto& views = known->fleet.views();
    const auto found = std::ranges::lower_bound(
        views, id, {}, [](const auto& view) -> const InstanceId& { return view->instance.id; });
    return found != views.end() && (*found)->instance.id == id ? found->get() : nullptr;
}

} // namespace vigie
