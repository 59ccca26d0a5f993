#include "core/watchdog/assess.h"

namespace vigie {

namespace {

constexpr auto any = u"any";
constexpr auto existsOrUnknown = u"exists|unknown";
constexpr auto silent = u"silent|silent twice";
constexpr auto failing = u"failing|failing N times";
constexpr auto notStorm = u"alone|others silent";
constexpr std::optional<InstanceStatus> unchanged;

using enum Verdict;

// clang-format off
constexpr EvidenceRow table[] = {
    // rule, heartbeat, probe, provider, watcher, fleet, phase, verdict, writes, explanation
    {u"absent", any, any, u"absent", any, any, any, Gone, InstanceStatus::Terminated,
     u"The provider proved that the machine does not exist any more."},
    {u"not-watched", any, any, any, any, any, u"other", Unknown, unchanged,
     u"In this state no worker is expected to beat."},

    {u"starting-beating", u"fresh", any, existsOrUnknown, any, any, u"starting", Alive, unchanged,
     u"The worker beats; its health check decides when it is ready."},
    {u"fresh-serving", u"fresh", u"ok|not tried|not possible", existsOrUnknown, any, any,
     u"serving", Alive, InstanceStatus::Ready, u"The worker beats and nothing speaks against it."},
    {u"fresh-probe-failing-once", u"fresh", u"failing", existsOrUnknown, any, any, u"serving",
     Alive, unchanged, u"The worker beats; too few probes failed in a row to call it hung."},
    {u"fresh-not-serving", u"fresh", u"failing N times", existsOrUnknown, u"healthy", any,
     u"serving", Suspect, InstanceStatus::Unavailable, u"Hung: it beats but does not serve."},
    {u"fresh-not-serving-unsure", u"fresh", u"failing N times", existsOrUnknown, u"not healthy",
     any, u"serving", Suspect, unchanged,
     u"It beats and its probes fail, but the watcher itself is not healthy."},
    {u"stopped-before-silence", u"fresh|late|waiting", any, u"stopped", any, any, any, Suspect,
     unchanged, u"The provider says that the machine is stopped; the silence is still short."},
    {u"late", u"late", any, existsOrUnknown, any, any, any, Suspect, unchanged,
     u"Beats are later than they ever were, but below the threshold."},
    {u"waiting-for-beat", u"waiting", any, existsOrUnknown, any, any, any, Unknown, unchanged,
     u"No beat yet since the watcher started or stalled; its grace is not over."},

    {u"storm", silent, any, any, any, u"storm", any, Unknown, unchanged,
     u"A large share is silent at once: the network is a likelier cause than so many deaths."},
    {u"watcher-not-healthy", silent, any, any, u"not healthy", any, any, Unknown, unchanged,
     u"The watcher can't trust its own silence."},
    {u"starting-silent", silent, any, any, u"healthy", notStorm, u"starting", Suspect, unchanged,
     u"No beat while it starts up; the time limit of its state decides."},

    {u"silent-serving", silent, u"ok", any, u"healthy", notStorm, u"serving", Suspect,
     InstanceStatus::Unavailable, u"The agent is down but the model serves."},
    {u"silent-machine-stopped", silent, any, u"stopped", u"healthy", notStorm, u"serving", Dead,
     InstanceStatus::WorkerDead, u"Silent, and the provider says that the machine is stopped."},
    {u"silent-probe-failing", silent, failing, existsOrUnknown, u"healthy", notStorm, u"serving",
     Dead, InstanceStatus::WorkerDead, u"Silent, and it does not answer its probe."},
    {u"silent-twice-alone", u"silent twice", u"not possible", existsOrUnknown, u"healthy",
     u"alone", u"serving", Dead, InstanceStatus::WorkerDead,
     u"Silent for twice the threshold, alone, and it can't be probed."},
    {u"silent-no-witness", silent, u"not possible", existsOrUnknown, u"healthy", notStorm,
     u"serving", Suspect, unchanged,
     u"Silent and it can't be probed: dead once silent for twice the threshold, alone."},
    {u"silent-probe-awaited", silent, u"not tried", existsOrUnknown, u"healthy", notStorm,
     u"serving", Suspect, unchanged, u"Silent; a fresh probe has to say more."},
};
// clang-format on

} // namespace

std::span<const EvidenceRow> evidenceTable() {
    return table;
}

} // namespace vigie
