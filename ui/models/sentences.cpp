#include "ui/models/words.h"

#include <QCoreApplication>
#include <QHash>
#include <QRegularExpression>

namespace vigie {

namespace {

struct S {
    Q_DECLARE_TR_FUNCTIONS(Sentences)
};

struct Sentence {
    const char* id;
    const char* text;
};

// The rules of the evidence table (core/watchdog) in the operator's language; a rule that is not
// here is shown by its name.
constexpr Sentence rules[] = {
    {"absent", QT_TRANSLATE_NOOP("Sentences",
                                 "The provider proved that the machine does not exist any more.")},
    {"not-watched", QT_TRANSLATE_NOOP("Sentences", "In this state no worker is expected to beat.")},
    {"starting-beating",
     QT_TRANSLATE_NOOP("Sentences",
                       "The worker beats; its health check decides when it is ready.")},
    {"fresh-serving",
     QT_TRANSLATE_NOOP("Sentences", "The worker beats and nothing speaks against it.")},
    {"fresh-probe-failing-once",
     QT_TRANSLATE_NOOP("Sentences",
                       "The worker beats; too few probes failed in a row to call it hung.")},
    {"fresh-not-serving", QT_TRANSLATE_NOOP("Sentences", "Hung: it beats but does not serve.")},
    {"fresh-not-serving-unsure",
     QT_TRANSLATE_NOOP("Sentences",
                       "It beats and its probes fail, but the watcher itself is not healthy.")},
    {"stopped-before-silence",
     QT_TRANSLATE_NOOP(
         "Sentences",
         "The provider says that the machine is stopped; the silence is still short.")},
    {"late", QT_TRANSLATE_NOOP("Sentences",
                               "Beats are later than they ever were, but below the threshold.")},
    {"waiting-for-beat",
     QT_TRANSLATE_NOOP("Sentences",
                       "No beat yet since the watcher started or stalled; its grace is not over.")},
    {"storm",
     QT_TRANSLATE_NOOP("Sentences", "A large share is silent at once: the network is a likelier "
                                    "cause than so many deaths.")},
    {"watcher-not-healthy",
     QT_TRANSLATE_NOOP("Sentences", "The watcher can't trust its own silence.")},
    {"starting-silent",
     QT_TRANSLATE_NOOP("Sentences",
                       "No beat while it starts up; the time limit of its state decides.")},
    {"silent-serving", QT_TRANSLATE_NOOP("Sentences", "The agent is down but the model serves.")},
    {"silent-machine-stopped",
     QT_TRANSLATE_NOOP("Sentences", "Silent, and the provider says that the machine is stopped.")},
    {"silent-probe-failing",
     QT_TRANSLATE_NOOP("Sentences", "Silent, and it does not answer its probe.")},
    {"silent-twice-alone",
     QT_TRANSLATE_NOOP("Sentences",
                       "Silent for twice the threshold, alone, and it can't be probed.")},
    {"silent-no-witness",
     QT_TRANSLATE_NOOP(
         "Sentences",
         "Silent and it can't be probed: dead once silent for twice the threshold, alone.")},
    {"source-blind", QT_TRANSLATE_NOOP("Sentences", "Its source does not answer: nothing is known "
                                                    "to be alive there any more.")},
    {"silent-probe-awaited",
     QT_TRANSLATE_NOOP("Sentences", "Silent; a fresh probe has to say more.")},
};

QString passive(Action action) {
    switch (action) {
    case Action::Terminate:
        return S::tr("terminated");
    case Action::Reinstall:
        return S::tr("reinstalled");
    case Action::Archive:
        return S::tr("archived");
    case Action::RestartWorker:
        return S::tr("restarted");
    case Action::Replace:
        return S::tr("replaced");
    case Action::Drain:
        return S::tr("drained");
    case Action::Undrain:
        return S::tr("put back into service");
    case Action::Hold:
        return S::tr("held");
    case Action::Release:
        return S::tr("released");
    case Action::DeleteVolume:
        return S::tr("rid of a volume");
    }
    return {};
}

} // namespace

QString ruleText(const QString& rule) {
    for (const Sentence& known : rules)
        if (rule == QLatin1String(known.id))
            return S::tr(known.text);
    return rule.isEmpty() ? S::tr("No rule of the evidence table was told.")
                          : S::tr("Rule: %1").arg(rule);
}

QString whyNotText(Action action, const Instance& instance) {
    const bool hasMachine = !instance.providerInstanceId.isEmpty();
    if (!whyNot(action, instance.status, hasMachine))
        return {};
    if (!whyNot(action, instance.status, true))
        return S::tr("It has no machine at the provider yet.");
    if (instance.status == InstanceStatus::Unknown)
        return S::tr("Its status is one that this version does not know.");
    const QString state = word(instance.status);
    if (action == Action::Archive && instance.status != InstanceStatus::Archived)
        return S::tr("It is %1; only a terminated instance can be archived.").arg(state);
    if (action == Action::Reinstall && isOver(instance.status))
        return S::tr("It is %1; there is no machine left to reinstall.").arg(state);
    if (action == Action::Reinstall && isStarting(instance.status))
        return S::tr("It is %1; a reinstall can be asked once that has ended, or has failed.")
            .arg(state);
    return S::tr("It is %1; it can't be %2 now.").arg(state, passive(action));
}

QString guardText(const QString& guard) {
    struct Named {
        QLatin1String name;
        const char* text;
    };
    static constexpr Named known[] = {
        {QLatin1String("state"), QT_TRANSLATE_NOOP("Sentences", "its state")},
        {QLatin1String("work in hand"),
         QT_TRANSLATE_NOOP("Sentences", "something is being done to it already")},
        {QLatin1String("volume"), QT_TRANSLATE_NOOP("Sentences", "the state of the volume")},
        {QLatin1String("hold"), QT_TRANSLATE_NOOP("Sentences", "somebody holds it")},
        {QLatin1String("storm brake"), QT_TRANSLATE_NOOP("Sentences", "many are silent at once")},
        {QLatin1String("blast radius"),
         QT_TRANSLATE_NOOP("Sentences", "enough of its pool is in recovery")},
        {QLatin1String("in flight"),
         QT_TRANSLATE_NOOP("Sentences", "enough recoveries run at once")},
        {QLatin1String("pace"), QT_TRANSLATE_NOOP("Sentences", "the last start was a moment ago")},
    };
    for (const Named& one : known) {
        if (guard == one.name)
            return S::tr(one.text);
    }
    return guard;
}

QString failureWord(FailureKind kind) {
    switch (kind) {
    case FailureKind::Cancelled:
        return S::tr("cancelled");
    case FailureKind::Timeout:
        return S::tr("no answer in time");
    case FailureKind::Network:
        return S::tr("no connection");
    case FailureKind::Tls:
        return S::tr("certificate refused");
    case FailureKind::OutcomeUnknown:
        return S::tr("answer lost");
    case FailureKind::BreakerOpen:
        return S::tr("breaker open");
    case FailureKind::Overloaded:
        return S::tr("too much at once");
    case FailureKind::RateLimited:
        return S::tr("asked to wait");
    case FailureKind::Unauthorized:
        return S::tr("token refused");
    case FailureKind::Forbidden:
        return S::tr("not permitted");
    case FailureKind::NotFound:
        return S::tr("not found");
    case FailureKind::Conflict:
        return S::tr("conflict");
    case FailureKind::Invalid:
        return S::tr("invalid request");
    case FailureKind::ServerError:
        return S::tr("server error");
    case FailureKind::Malformed:
        return S::tr("unreadable answer");
    case FailureKind::TooLarge:
        return S::tr("answer too large");
    case FailureKind::Storage:
        return S::tr("storage error");
    case FailureKind::Unsupported:
        return S::tr("not offered there");
    case FailureKind::Internal:
        return S::tr("internal error");
    }
    return {};
}

QString withoutRequest(QString sentence) {
    static const QRegularExpression request(
        QStringLiteral("\\b(GET|HEAD|POST|PUT|PATCH|DELETE) https?://\\S+: "));
    return sentence.remove(request);
}

} // namespace vigie
