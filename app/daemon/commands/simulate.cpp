#include "app/daemon/commands/command.h"
#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/simulation/simulation.h"

#include <QFileInfo>

#include <algorithm>

namespace vigie::commands {

namespace {

constexpr quint32 mostSeeds = 10000;
constexpr unsigned mostThreads = 256;
constexpr std::size_t atOnce = 16;

struct SeedRange {
    quint32 first = 1, last = 1;
};

Outcome<SeedRange> seedsOf(const CommandLine& line) {
    const bool many = line.has(QStringLiteral("seeds"));
    const QString text = line.value(many ? QStringLiteral("seeds") : QStringLiteral("seed"));
    if (text.isEmpty())
        return SeedRange{};
    const qsizetype dots = text.indexOf(QLatin1String(".."));
    bool first = false;
    bool last = false;
    SeedRange range;
    range.first = (many && dots > 0 ? text.left(dots) : text).toUInt(&first);
    range.last = many && dots > 0 ? text.mid(dots + 2).toUInt(&last) : range.first;
    const bool whole = first && (last || !many || dots <= 0);
    if (!whole || range.last < range.first || range.last - range.first >= mostSeeds)
        return fail(
            FailureKind::Invalid,
            QStringLiteral("%1: '%2' is no seed; expected a number such as 7%3")
                .arg(many ? QStringLiteral("--seeds") : QStringLiteral("--seed"), text,
                     many ? QStringLiteral(" or a range of at most %1 such as 1..20").arg(mostSeeds)
                          : QString()));
    return range;
}

Outcome<std::vector<Scenario>> scenariosOf(const QString& wanted) {
    std::vector<Scenario> scenarios;
    QStringList names;
    for (const auto& [name, file] : builtInScenarios()) {
        names.append(name);
        if (wanted != QLatin1String("all") && wanted != name)
            continue;
        const auto scenario = readScenario(file);
        if (!scenario)
            return fail(scenario.error());
        scenarios.push_back(*scenario);
    }
    if (!scenarios.empty())
        return scenarios;
    if (!QFileInfo::exists(wanted))
        return fail(FailureKind::NotFound,
                    QStringLiteral("'%1' is neither a scenario file nor one of: all, %2")
                        .arg(wanted, names.join(QLatin1String(", "))));
    const auto scenario = readScenario(wanted);
    if (!scenario)
        return fail(scenario.error());
    return std::vector<Scenario>{*scenario};
}

Outcome<unsigned> threadsOf(const CommandLine& line) {
    if (!line.has(QStringLiteral("threads")))
        return 0U;
    const QString text = line.value(QStringLiteral("threads"));
    bool number = false;
    const unsigned threads = text.toUInt(&number);
    if (!number || threads < 1 || threads > mostThreads)
        return fail(FailureKind::Invalid,
                    QStringLiteral("--threads: '%1' is not possible; expected 1 to %2")
                        .arg(text)
                        .arg(mostThreads));
    return threads;
}

void tellMistakes(const Score& score) {
    for (const QString& mistake : score.mistakes) {
        Failure failure;
        failure.kind = FailureKind::Internal;
        failure.message = QStringLiteral("%1, seed %2: %3")
                              .arg(score.scenario, QString::number(score.seed), mistake);
        complain(failure);
    }
}

Task<int> runScenarios(Context context) {
    const auto seeds = seedsOf(context.line);
    if (!seeds)
        co_return complain(seeds.error());
    const auto scenarios = scenariosOf(context.line.operand(QStringLiteral("SCENARIO")));
    if (!scenarios)
        co_return complain(scenarios.error());
    const auto threads = threadsOf(context.line);
    if (!threads)
        co_return complain(threads.error());
    const bool json = context.line.has(QStringLiteral("json"));
    // What a made-up orchestrator warns of is no news of this machine.
    if (!context.line.settings().isSet(QStringLiteral("log.level")))
        setLogSink([](const LogRecord&) {});
    if (!json)
        say(scoreHead().toUtf8());
    bool good = true;
    for (const Scenario& scenario : *scenarios) {
        std::vector<SimulationRun> runs;
        for (quint32 seed = seeds->first; seed <= seeds->last; ++seed)
            runs.push_back({scenario, seed});
        std::vector<Score> scores;
        while (!runs.empty()) {
            // A handful at a time, so that results come as they are made and a signal gets through.
            const std::size_t some = std::min(runs.size(), atOnce);
            std::vector<SimulationRun> batch(runs.begin(), runs.begin() + std::ptrdiff_t(some));
            runs.erase(runs.begin(), runs.begin() + std::ptrdiff_t(some));
            for (Score& score : simulate(batch, *threads, context.stop)) {
                tellMistakes(score);
                good = good && score.falseKills == 0 && score.missedDeaths == 0;
                if (json)
                    say(encodeScore(score) + '\n');
                scores.push_back(std::move(score));
            }
            const Duration none{};
            Task<bool> breath = sleepFor(context.clock, none, context.stop);
            co_await breath;
            if (context.stop.stop_requested())
                co_return runTimeFailure;
        }
        if (!json)
            say(scoreRow(together(scores)).toUtf8());
    }
    co_return good ? success : runTimeFailure;
}

SwitchSpec withValue(const char* name, const char* value, const char* help) {
    return {QString::fromLatin1(name),
            QString::fromLatin1(value),
            QString::fromLatin1(help),
            false,
            {}};
}

} // namespace

Command simulateFleet() {
    Command command;
    command.words = {QStringLiteral("simulate")};
    command.summary = QStringLiteral(
        "Run the watchdog over a made-up fleet and score it against the truth. Ends with 0 when "
        "there was no false kill and no missed death, 1 when there was");
    command.operands = {{QStringLiteral("SCENARIO"),
                         QStringLiteral("A TOML file, the name of a built-in scenario, or all"),
                         false, false}};
    command.switches = {
        withValue("seed", "N", "The seed of all chance; 1 unless told"),
        withValue("seeds", "A..B", "Each of these seeds"),
        withValue("threads", "N", "Runs at once; as many as there are processors unless told"),
        withValue("json", "", "Print one JSON object a seed instead of a table"),
    };
    command.run = runScenarios;
    return command;
}

} // namespace vigie::commands
