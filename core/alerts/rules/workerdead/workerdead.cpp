#include "core/alerts/alertrule.h"
#include "core/base/timeformat.h"

namespace vigie::rules::workerdead {

namespace {

WantedAlert wantedFor(const InstanceView& view, const AlertFacts& facts) {
    const Instance& instance = view.instance;
    WantedAlert wanted;
    wanted.labels = labelsOf(view);
    const auto age = view.assessment.heartbeatAge;
    wanted.summary =
        QStringLiteral("The worker of instance %1 on %2 is dead%3.")
            .arg(instance.id.value(), facts.nameOf(view.source),
                 age ? QStringLiteral(": no heartbeat for ") + humanDuration(*age) : QString());
    wanted.description = view.advisory
                             ? QStringLiteral("This is the dashboard's own advice (rule %1). Look "
                                              "at the instance, then reinstall or terminate it.")
                                   .arg(view.assessment.rule)
                             : QStringLiteral("The orchestrator says so (rule %1). Unless its "
                                              "automation recovers it, reinstall or terminate it.")
                                   .arg(view.assessment.rule);
    // Our own advice has to stand for a while; an orchestrator has held its verdict already.
    wanted.holdFor = view.advisory ? Duration(std::chrono::seconds(10)) : Duration::zero();
    return wanted;
}

std::vector<WantedAlert> evaluate(const AlertFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const auto& view : facts.instances) {
        const bool dead = view->assessment.verdict == Verdict::Dead ||
                          view->instance.status == InstanceStatus::WorkerDead;
        if (dead && !isOver(view->instance.status))
            wanted.push_back(wantedFor(*view, facts));
    }
    return wanted;
}

} // namespace

AlertRule descriptor() {
    return {QStringLiteral("WorkerDead"), Severity::Critical, evaluate};
}

} // namespace vigie::rules::workerdead
