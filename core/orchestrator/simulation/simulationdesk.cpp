#include "core/orchestrator/simulation/simulationdesk.h"

#include "core/base/ids.h"
#include "core/base/quietlog.h"
#include "core/base/systemclock.h"
#include "core/base/timeformat.h"

#include <algorithm>
#include <sys/resource.h>
#include <system_error>

namespace vigie {

namespace {

constexpr int lowPriority = 10;

Failure refusedSimulation(FailureKind kind, const char* code, const QString& message) {
    return {kind, message, 0, {}, QString::fromLatin1(code), {}};
}

double workerHoursOf(const Scenario& scenario) {
    return scenario.workers * toSeconds(scenario.length) / 3600;
}

Outcome<std::vector<Scenario>> scenariosNamed(const QStringList& wanted) {
    std::vector<Scenario> found;
    QStringList names;
    for (const auto& [name, file] : builtInScenarios()) {
        names.append(name);
        if (!wanted.contains(name))
            continue;
        auto scenario = readScenario(file);
        if (!scenario)
            return fail(scenario.error());
        found.push_back(std::move(*scenario));
    }
    for (const QString& name : wanted) {
        if (!names.contains(name))
            return fail(
                refusedSimulation(FailureKind::NotFound, "scenario_not_found",
                                  QStringLiteral("there is no scenario \"%1\"; there are: %2")
                                      .arg(name.left(100), names.join(QLatin1String(", ")))));
    }
    return found;
}

} // namespace

SimulationDesk::~SimulationDesk() {
    m_thread.request_stop();
}

const SimulationReport* SimulationDesk::find(const QString& id) const {
    const auto found = std::ranges::find(m_reports, id, &SimulationReport::id);
    return found == m_reports.end() ? nullptr : &*found;
}

SimulationReport* SimulationDesk::running() {
    return !m_reports.empty() && !m_reports.front().finishedAt ? &m_reports.front() : nullptr;
}

Outcome<QString> SimulationDesk::begin(SimulationOrder order) {
    if (const SimulationReport* other = running())
        return fail(refusedSimulation(
            FailureKind::Conflict, "simulation_running",
            QStringLiteral("simulation %1 runs; one at a time. GET /simulations/%1 shows how far "
                           "it is, POST /simulations/%1/abort ends it")
                .arg(other->id)));
    order.scenarios.removeDuplicates();
    const auto scenarios = scenariosNamed(order.scenarios);
    if (!scenarios)
        return fail(scenarios.error());
    SimulationReport report;
    std::vector<SimulationRun> runs;
    for (const Scenario& scenario : *scenarios) {
        for (int i = 0; i < order.seeds; ++i)
            runs.push_back({scenario, order.firstSeed + static_cast<quint32>(i)});
        report.workerHours += workerHoursOf(scenario) * order.seeds;
    }
    if (report.workerHours > mostWorkerHours)
        return fail(refusedSimulation(
            FailureKind::Invalid, "simulation_too_large",
            QStringLiteral("that is %1 worker-hours; at most %2 can be asked here (\"vigied "
                           "simulate\" has no limit)")
                .arg(report.workerHours, 0, 'f', 0)
                .arg(mostWorkerHours, 0, 'f', 0)));
    report.id = newUuid();
    report.order = std::move(order);
    report.runs = static_cast<int>(runs.size());
    report.begunAt = m_clock.wallNow();
    m_reports.push_front(std::move(report));
    if (m_reports.size() > kept)
        m_reports.pop_back();
    // The one before has posted its end, so it is over or about to be.
    try {
        m_thread = std::jthread([this, runs = std::move(runs), back = m_back.handle()](
                                    std::stop_token stop) { play(stop, runs, back); });
    } catch (const std::system_error& error) { // this machine has no thread left
        m_reports.pop_front();
        return fail(refusedSimulation(FailureKind::Overloaded, "no_thread",
                                      QStringLiteral("no thread can be started: ") +
                                          QString::fromLocal8Bit(error.what())));
    }
    return m_reports.front().id;
}

/// On the thread; touches nothing of the desk but through the door.
void SimulationDesk::play(std::stop_token stop, std::vector<SimulationRun> runs,
                          Door::Handle back) {
    const QuietLog quiet; // what a made-up orchestrator warns of is no news of this one
    ::setpriority(PRIO_PROCESS, 0, lowPriority); // of this thread alone, on Linux
    const SystemClock clock;
    for (const SimulationRun& run : runs) {
        const MonotonicTime began = clock.now();
        auto score = simulate(run.scenario, run.seed, stop);
        if (!score)
            break;
        score->wallSeconds = toSeconds(clock.now() - began);
        back.post([this, score = std::move(*score)]() mutable {
            if (SimulationReport* report = running())
                report->scores.push_back(std::move(score));
        });
    }
    back.post([this] {
        if (SimulationReport* report = running())
            report->finishedAt = m_clock.wallNow();
    });
}

bool SimulationDesk::abort(const QString& id) {
    const SimulationReport* known = find(id);
    if (!known)
        return false;
    if (SimulationReport* now = running(); now == known) {
        now->aborted = true;
        m_thread.request_stop();
    }
    return true;
}

} // namespace vigie
