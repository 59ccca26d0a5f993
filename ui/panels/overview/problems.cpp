#include "ui/panels/overview/problems.h"

#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace vigie::panels::overview {

namespace {

struct P {
    Q_DECLARE_TR_FUNCTIONS(Problems)
};

/// What instances may have in common; the filter's name of it.
constexpr const char* dimensions[] = {"zone", "provider", "model", "source"};

using Member = const InstanceView*;

QString valueOf(const char* dimension, const InstanceView& view, const FleetSnapshot& snapshot) {
    const QLatin1String name(dimension);
    if (name == QLatin1String("zone"))
        return view.instance.zone;
    if (name == QLatin1String("provider"))
        return view.instance.providerName;
    if (name == QLatin1String("model"))
        return view.instance.modelName.isEmpty() ? view.instance.modelCode
                                                 : view.instance.modelName;
    const SourceStatus* source = snapshot.source(view.source);
    return source ? source->name : view.source.value();
}

QString causeText(const char* dimension, const QString& value) {
    const QLatin1String name(dimension);
    if (name == QLatin1String("zone"))
        return P::tr("zone %1").arg(value);
    if (name == QLatin1String("provider"))
        return P::tr("provider %1").arg(value);
    if (name == QLatin1String("model"))
        return P::tr("model %1").arg(value);
    return P::tr("orchestrator %1").arg(value);
}

struct Cause {
    const char* dimension = nullptr;
    QString value;
    int population = 0;
    std::vector<Member> members;
};

/// The narrowest cause that explains at least three members and holds at most twice as many
/// instances as it explains.
std::optional<Cause> commonCause(const std::vector<Member>& members,
                                 const FleetSnapshot& snapshot) {
    std::optional<Cause> best;
    for (const char* dimension : dimensions) {
        std::map<QString, Cause> causes;
        for (const Member member : members) {
            Cause& cause = causes[valueOf(dimension, *member, snapshot)];
            cause.members.push_back(member);
        }
        for (const auto& view : snapshot.instances) {
            const auto found = causes.find(valueOf(dimension, *view, snapshot));
            if (found != causes.end() && !isOver(view->instance.status))
                ++found->second.population;
        }
        for (auto& [value, cause] : causes) {
            const auto explained = static_cast<int>(cause.members.size());
            if (value.isEmpty() || explained < 3 || 2 * explained < cause.population)
                continue;
            const bool better = !best || cause.members.size() > best->members.size() ||
                                (cause.members.size() == best->members.size() &&
                                 cause.population < best->population);
            if (!better)
                continue;
            cause.dimension = dimension;
            cause.value = value;
            best = cause;
        }
    }
    return best;
}

QString countOf(Verdict verdict, int count) {
    return verdict == Verdict::Dead ? P::tr("%n dead", nullptr, count)
                                    : P::tr("%n suspect", nullptr, count);
}

std::optional<Duration> longest(const std::vector<Member>& members) {
    std::optional<Duration> longest;
    for (const Member member : members)
        if (member->timeInState && (!longest || *member->timeInState > *longest))
            longest = member->timeInState;
    return longest;
}

Problem folded(Verdict verdict, const Cause& cause) {
    Problem problem;
    const auto count = static_cast<int>(cause.members.size());
    problem.key = QStringLiteral("cause/%1/%2/%3")
                      .arg(toString(verdict), QLatin1String(cause.dimension), cause.value);
    problem.shape = verdict;
    problem.rank = verdict == Verdict::Dead ? 2 : 4;
    problem.members = count;
    problem.sentence =
        P::tr("%1 in %2").arg(countOf(verdict, count), causeText(cause.dimension, cause.value));
    problem.detail =
        P::tr("%1 of %2 there: look for a common cause").arg(count).arg(cause.population);
    problem.since = longest(cause.members);
    problem.panel = QStringLiteral("fleet");
    problem.filter = QStringLiteral("verdict:%1 %2:\"%3\"")
                         .arg(toString(verdict), QLatin1String(cause.dimension), cause.value);
    return problem;
}

Problem alone(Verdict verdict, const InstanceView& view, const FleetSnapshot& snapshot) {
    Problem problem;
    problem.key = QStringLiteral("instance/") + view.key();
    problem.shape = verdict;
    problem.rank = verdict == Verdict::Dead ? 2 : 4;
    problem.sentence = P::tr("%1 is %2 (%3, %4)")
                           .arg(shortId(view.instance.id.value()), word(verdict),
                                valueOf("source", view, snapshot), view.instance.zone);
    problem.detail = ruleText(view.assessment.rule);
    problem.since = view.timeInState;
    problem.panel = QStringLiteral("fleet");
    problem.filter = QStringLiteral("id:") + view.instance.id.value();
    problem.instance = {view.source, view.instance.id};
    return problem;
}

void addInstances(std::vector<Problem>& problems, Verdict verdict, const FleetSnapshot& snapshot) {
    std::vector<Member> members;
    for (const auto& view : snapshot.instances)
        if (view->assessment.verdict == verdict && !isOver(view->instance.status))
            members.push_back(view.get());
    while (const auto cause = commonCause(members, snapshot)) {
        problems.push_back(folded(verdict, *cause));
        std::erase_if(members, [&](Member member) {
            return std::find(cause->members.begin(), cause->members.end(), member) !=
                   cause->members.end();
        });
    }
    for (const Member member : members)
        problems.push_back(alone(verdict, *member, snapshot));
}

void addSource(std::vector<Problem>& problems, const SourceStatus& source,
               const FleetSnapshot& snapshot) {
    const bool blind =
        source.freshness == Freshness::Stale || source.freshness == Freshness::Unreachable;
    if (blind || (source.freshness == Freshness::Waiting && source.lastFailure)) {
        Problem problem;
        problem.key = QStringLiteral("source/") + source.id.value();
        problem.shape = source.freshness;
        problem.rank = 0;
        problem.members = static_cast<int>(
            std::count_if(snapshot.instances.begin(), snapshot.instances.end(),
                          [&](const auto& view) { return view->source == source.id; }));
        problem.sentence =
            problem.members > 0
                ? P::tr("%1 is %2: %n instance(s) out of sight", nullptr, problem.members)
                      .arg(source.name, word(source.freshness))
                : P::tr("%1 is %2").arg(source.name, word(source.freshness));
        problem.detail =
            source.lastFailure ? withoutRequest(source.lastFailure->message) : QString();
        if (source.lastSuccess)
            problem.since = snapshot.takenAt - *source.lastSuccess;
        problem.panel = QStringLiteral("fleet");
        problem.filter = QStringLiteral("source:\"%1\"").arg(source.name);
        problems.push_back(std::move(problem));
    }
    const auto addBreaker = [&](const Breaker& breaker, bool own) {
        if (breaker.effective != BreakerMode::Open && breaker.effective != BreakerMode::ForcedOpen)
            return;
        Problem problem;
        problem.key = QStringLiteral("breaker/%1/%2").arg(source.id.value(), breaker.name);
        problem.shape = breaker.effective;
        problem.rank = own ? 1 : 3;
        problem.sentence =
            own ? P::tr("Our breaker around %1 is %2").arg(source.name, word(breaker.effective))
                : P::tr("Breaker %1 of %2 is %3")
                      .arg(breaker.name, source.name, word(breaker.effective));
        if (breaker.override_)
            problem.detail = breaker.override_->reason;
        else if (!breaker.transitions.empty())
            problem.detail = withoutRequest(breaker.transitions.back().cause);
        if (breaker.openedAt)
            problem.since = snapshot.takenAt - *breaker.openedAt;
        problem.panel = QStringLiteral("breakers");
        problem.filter = QStringLiteral("name:\"%1\"").arg(breaker.name);
        problems.push_back(std::move(problem));
    };
    addBreaker(source.breaker, true);
    for (const Breaker& breaker : source.remoteBreakers)
        addBreaker(breaker, false);
}

void addStuck(std::vector<Problem>& problems, const FleetSnapshot& snapshot) {
    for (const auto& view : snapshot.instances) {
        const InstanceStatus status = view->instance.status;
        const bool over =
            view->timeInState && view->stateLimit && *view->timeInState > *view->stateLimit;
        const bool failed = status == InstanceStatus::Failed ||
                            status == InstanceStatus::ProvisioningFailed ||
                            status == InstanceStatus::StartupFailed;
        if ((!over && !failed) || view->assessment.verdict == Verdict::Dead)
            continue;
        Problem problem = alone(view->assessment.verdict, *view, snapshot);
        problem.rank = 5;
        problem.sentence = P::tr("%1 is in state %2 (%3, %4)")
                               .arg(shortId(view->instance.id.value()), word(status),
                                    valueOf("source", *view, snapshot), view->instance.zone);
        problem.detail =
            failed ? view->instance.errorCode
                   : P::tr("for %1; the limit is %2")
                         .arg(durationText(*view->timeInState), durationText(*view->stateLimit));
        problems.push_back(std::move(problem));
    }
}

} // namespace

std::vector<Problem> problems(const FleetSnapshot& snapshot) {
    std::vector<Problem> problems;
    for (const SourceStatus& source : snapshot.sources)
        addSource(problems, source, snapshot);
    addInstances(problems, Verdict::Dead, snapshot);
    addInstances(problems, Verdict::Suspect, snapshot);
    addStuck(problems, snapshot);
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
        return std::pair(a.rank, -a.members) < std::pair(b.rank, -b.members);
    });
    return problems;
}

std::vector<ChangeRow> recentChanges(const FleetSnapshot& snapshot) {
    std::vector<ChangeRow> rows;
    QHash<QString, int> seen;
    for (const ChangeNote& note : snapshot.changes) {
        if (snapshot.takenAt - note.at > std::chrono::minutes(15))
            continue;
        ChangeRow row;
        const QString base = QStringLiteral("%1/%2/%3/%4")
                                 .arg(note.at.time_since_epoch().count())
                                 .arg(note.source.value(), note.instance.value(), note.what);
        row.key = QStringLiteral("%1/%2").arg(base).arg(seen[base]++);
        row.note = note;
        const SourceStatus* source = snapshot.source(note.source);
        row.sourceName = source ? source->name : note.source.value();
        row.now = snapshot.takenAt;
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace vigie::panels::overview
