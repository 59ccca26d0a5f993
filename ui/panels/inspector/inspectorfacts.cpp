#include "ui/panels/inspector/inspectorfacts.h"

#include "core/base/timeformat.h"
#include "core/model/holding.h"
#include "ui/models/gpufigurescodec.h"
#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace vigie::panels::inspector {

namespace {

struct I {
    Q_DECLARE_TR_FUNCTIONS(Inspector)
};

QString whoText(const QString& source) {
    if (source == QLatin1String("heartbeat"))
        return I::tr("Heartbeat");
    if (source == QLatin1String("probe"))
        return I::tr("Probe");
    if (source == QLatin1String("provider"))
        return I::tr("Provider");
    if (source == QLatin1String("watcher"))
        return I::tr("Watcher");
    if (source == QLatin1String("orchestrator"))
        return I::tr("Orchestrator");
    return source;
}

/// +1: it says that the worker works, -1: that it doesn't, 0: nothing about that. The rule is a row
/// of the evidence table: its name says what each witness was taken to mean.
int leaning(const Evidence& evidence, const QString& rule) {
    const auto has = [](const QString& text, const char* word) {
        return text.contains(QLatin1String(word), Qt::CaseInsensitive);
    };
    if (evidence.source == QLatin1String("heartbeat"))
        return has(rule, "silent") || rule == QLatin1String("late") ? -1
               : has(rule, "fresh") || has(rule, "beating")         ? 1
                                                                    : 0;
    if (evidence.source == QLatin1String("probe")) {
        if (has(evidence.says, "not tried") || has(evidence.says, "not possible"))
            return 0;
        return has(rule, "probe-failing") || has(rule, "not-serving") ? -1
               : has(rule, "serving")                                 ? 1
                                                                      : 0;
    }
    if (evidence.source == QLatin1String("provider"))
        return has(rule, "stopped") || has(rule, "absent")                     ? -1
               : has(evidence.says, "running") || has(evidence.says, "exists") ? 1
                                                                               : 0;
    return 0;
}

void addMachine(std::vector<Figure>& figures, const Instance& instance) {
    const auto add = [&figures](const QString& name, const QString& value) {
        if (!value.isEmpty())
            figures.push_back({name, value});
    };
    const QString model = instance.modelName.isEmpty() ? instance.modelCode : instance.modelName;
    add(I::tr("Model"), model);
    add(I::tr("Type"), instance.instanceType);
    QStringList place{instance.providerName, instance.zone};
    place.removeAll(QString());
    add(I::tr("Provider"), place.join(QStringLiteral(" · ")));
    add(I::tr("Address"), instance.ipAddress);
    if (instance.retryCount > 0)
        add(I::tr("Tries"), countText(instance.retryCount));
    if (instance.costPerHour)
        add(I::tr("Cost"),
            instance.totalCost
                ? I::tr("%1 per hour, %2 so far")
                      .arg(moneyText(*instance.costPerHour), moneyText(*instance.totalCost))
                : I::tr("%1 per hour").arg(moneyText(*instance.costPerHour)));
}

/// What the beats carry; once they stay away each figure says how old it is.
void addLoad(std::vector<Figure>& figures, const InstanceView& view) {
    const Instance& instance = view.instance;
    const auto age = view.assessment.heartbeatAge;
    // The age stands first: a narrow panel cuts the end off.
    const auto asOf = [age, old = view.hasFallenSilent()](const QString& value) {
        return old && age ? I::tr("%1 ago: %2").arg(durationText(*age), value) : value;
    };
    const GpuFigures gpu = gpuFigures(instance.workerMetadata);
    const auto percent = [](double value) { return I::tr("%1 %").arg(numberText(value, 0)); };
    QStringList load;
    if (instance.workerGpuUtilization)
        load.append(I::tr("%1 busy").arg(percent(*instance.workerGpuUtilization)));
    if (const auto memory = gpu.memoryPercent())
        load.append(I::tr("VRAM %1").arg(percent(*memory)));
    for (const auto& one : gpu.gpus)
        if (one.tempC) {
            load.append(I::tr("%1 °C").arg(numberText(*one.tempC, 0)));
            break;
        }
    if (!load.isEmpty())
        figures.push_back({I::tr("GPU"), asOf(load.join(QStringLiteral(", ")))});
    QStringList machine;
    if (gpu.cpuPct)
        machine.append(I::tr("CPU %1").arg(percent(*gpu.cpuPct)));
    if (gpu.memoryPct)
        machine.append(I::tr("memory %1").arg(percent(*gpu.memoryPct)));
    if (gpu.diskPct)
        machine.append(I::tr("disk %1").arg(percent(*gpu.diskPct)));
    if (!machine.isEmpty())
        figures.push_back({I::tr("Machine"), asOf(machine.join(QStringLiteral(", ")))});
    if (instance.workerQueueDepth)
        figures.push_back({I::tr("Queue"), asOf(countText(*instance.workerQueueDepth))});
}

} // namespace

std::vector<Witness> witnesses(const InstanceView& view, WallTime now) {
    int against = 0, with = 0;
    for (const Evidence& evidence : view.assessment.evidence) {
        against += leaning(evidence, view.assessment.rule) < 0 ? 1 : 0;
        with += leaning(evidence, view.assessment.rule) > 0 ? 1 : 0;
    }
    std::vector<Witness> all;
    for (const Evidence& evidence : view.assessment.evidence) {
        Witness witness;
        witness.who = whoText(evidence.source);
        witness.says = evidence.says;
        witness.when = ageText(evidence.at, now);
        // The smaller camp is the one to look at.
        const int lean = leaning(evidence, view.assessment.rule);
        witness.disagrees = with > 0 && against > 0 && (against >= with ? lean > 0 : lean < 0);
        all.push_back(witness);
    }
    return all;
}

std::vector<Figure> figures(const InstanceView& view, WallTime now) {
    std::vector<Figure> all;
    const Instance& instance = view.instance;
    if (view.timeInState)
        all.push_back({I::tr("In state"), view.stateLimit
                                              ? I::tr("%1 of at most %2")
                                                    .arg(durationText(*view.timeInState),
                                                         durationText(*view.stateLimit))
                                              : durationText(*view.timeInState)});
    if (instance.workerLastHeartbeat)
        all.push_back({I::tr("Last beat"),
                       view.assessment.heartbeatAge
                           ? I::tr("%1 ago").arg(durationText(*view.assessment.heartbeatAge))
                           : ageText(*instance.workerLastHeartbeat, now)});
    if (view.assessment.phi)
        all.push_back({I::tr("Phi"), numberText(*view.assessment.phi, 1)});
    addLoad(all, view);
    addMachine(all, instance);
    if (!instance.errorCode.isEmpty() || !instance.errorMessage.isEmpty())
        all.push_back(
            {I::tr("Last error"),
             QStringList{instance.errorCode, instance.errorMessage}.join(QLatin1Char(' '))});
    if (instance.held) {
        const Held& held = *instance.held;
        all.push_back({I::tr("Held"), I::tr("by %1: %2").arg(held.actor, held.reason)});
        // A row of its own: behind a long reason it would be cut off.
        if (held.until)
            all.push_back({isHeld(instance.held, now) ? I::tr("Hold ends") : I::tr("Hold ended"),
                           timeText(*held.until)});
    }
    return all;
}

Timeline timeline(const InstanceView& view, const Inspection* inspection, WallTime now) {
    Timeline line;
    line.to = now;
    const auto inState = std::chrono::duration_cast<std::chrono::milliseconds>(
        view.timeInState.value_or(Duration::zero()));
    if (inspection) {
        std::vector<StateChange> history = inspection->history;
        std::sort(history.begin(), history.end(),
                  [](const StateChange& a, const StateChange& b) { return a.at < b.at; });
        if (!history.empty() && view.instance.createdAt &&
            *view.instance.createdAt < history.front().at)
            line.spans.push_back(
                {*view.instance.createdAt, history.front().at, history.front().from});
        for (size_t i = 0; i < history.size(); ++i) {
            const WallTime until = i + 1 < history.size() ? history[i + 1].at : now;
            line.spans.push_back({history[i].at, std::max(history[i].at, until), history[i].to});
        }
        for (const ActionLog& entry : inspection->actions)
            line.moments.push_back(
                {entry.createdAt, entry.actionType, entry.status == ActionLogStatus::Failed});
    }
    if (line.spans.empty())
        line.spans.push_back({now - inState, now, view.instance.status});
    // Two hours at most: the older past would squeeze what is of interest.
    line.from = std::max(line.spans.front().from, now - std::chrono::hours(2));
    if (line.to - line.from < std::chrono::minutes(1))
        line.from = line.to - std::chrono::minutes(1);
    std::erase_if(line.spans, [&](const Span& span) { return span.to < line.from; });
    std::erase_if(line.moments, [&](const Moment& moment) { return moment.at < line.from; });
    for (Span& span : line.spans)
        span.from = std::max(span.from, line.from);
    return line;
}

QStringList notices(const SourceStatus& source, const Inspection* inspection) {
    QStringList all;
    if (source.lastSuccess) {
        if (!source.capabilities.assessments)
            all.append(I::tr("%1 does not judge by itself: the verdict is this dashboard's advice.")
                           .arg(source.name));
        if (!source.capabilities.history)
            all.append(
                I::tr("%1 serves no state history (part B of the contract).").arg(source.name));
        if (!source.capabilities.actionLog)
            all.append(I::tr("%1 serves no action log.").arg(source.name));
    }
    if (inspection && inspection->failure)
        all.append(I::tr("The closer look failed: %1").arg(inspection->failure->message));
    return all;
}

} // namespace vigie::panels::inspector
